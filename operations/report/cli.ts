import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand, UserError } from '../command-line';
import { parseConfig } from '../../infra/config';
import { DIAGRAM_ENVIRONMENT } from '../diagram/environment';
import { type Topology, topologyOf } from '../diagram/topology';
import { readConfiguration, readStack } from '../verify/stack-file';
import { decisionsFile, readDecisions } from './decisions';
import { jsonIn, textIn, writeWhole } from './files';
import { findingsFile, readFindings } from './findings';
import { headlineOf } from './headline';
import { htmlReport } from './html/page';
import { markdownReport } from './markdown';
import { textOf } from './phrase';
import { failedPlan, type Plan, PlanError, readPlan, withoutSecrets } from './plan';
import { bySection, changedKeys, type StackFiles, stackFiles } from './stack-files';
import { reportOn, type StackReport } from './stack-report';

const USAGE = `Usage: node --require tsx/cjs operations/report/cli.ts --plan [STACK=]FILE … [--output DIR] [--base COMMIT]

Writes what previews say as report.md, for the comment of a pull request, and report.html, one page that needs nothing else.
\`make preview REPORT=DIR\` runs the preview and this; \`make report PLANS=DIR REPORT=DIR\` puts several stacks together.

  --plan [STACK=]FILE   output of \`preview --json\`, the CLI's or the embedded engine's; for several stacks several times.
                        Default of STACK: the file's name, without .json
  --plans DIR           every STACK.json in a folder
  --output DIR          where the report goes. Default: report
  --base COMMIT         commit, branch or folder with the files of stacks that changes of keys are told against. Default: HEAD
  --keep-plans          also puts the plans there, as STACK.json, without secrets
  --unverified          says that the plans come from somebody who may not be trusted

Beside a plan, decisions-STACK.json and guardrails-STACK.json are read, if they are there. A plan that is no JSON is taken as
what a failed preview said.
Exit code: 0 written, 2 it could not be
`;

const OPTIONS = {
  plan: { type: 'string', multiple: true },
  plans: { type: 'string' },
  output: { type: 'string', default: 'report' },
  base: { type: 'string', default: 'HEAD' },
  'keep-plans': { type: 'boolean', default: false },
  unverified: { type: 'boolean', default: false },
} as const;

runCommand(USAGE, OPTIONS, ({ values, positionals }) => {
  const { output, base, unverified } = values;
  const [stray] = positionals;
  if (stray !== undefined) throw new UserError(`${stray}: name plans with --plan (see --help)`);
  const sources = [...(values.plan ?? []).map(sourceOf), ...(values.plans === undefined ? [] : plansIn(values.plans))];
  if (sources.length === 0) throw new UserError('name a plan with --plan (see --help)');
  const project = process.cwd();
  const files = stackFiles(project, base);
  const reports = sources.map((source) => report(source, { project, files, output }));
  makeFolder(output);
  writeWhole(output, 'report.md', markdownReport(reports, { unverified }));
  writeWhole(output, 'report.html', htmlReport(reports, { unverified }));
  if (values['keep-plans']) sources.forEach((source, index) => keep(source, reports[index]?.plan, output));
  for (const one of reports) process.stderr.write(`${one.plan.stack}: ${textOf(headlineOf(one))}\n`);
  process.stderr.write(`${path.join(output, 'report.md')}, ${path.join(output, 'report.html')}\n`);
  return 0;
});

/** A plan's file. */
interface Source {
  file: string;
  text: string;
  /** Undefined: the plan has to tell. */
  stack: string | undefined;
}

function sourceOf(given: string): Source {
  const [, named, file = given] = /^([A-Za-z0-9._-]+)=(.*)$/.exec(given) ?? [];
  const [, own] = /^([A-Za-z0-9._-]+)\.json$/.exec(path.basename(file)) ?? [];
  const text = textIn(file);
  if (text === undefined) throw new UserError(`there is no plan ${file}`);
  return { file, text, stack: named ?? own };
}

const BESIDE = /^(decisions|guardrails)-/;

function plansIn(folder: string): Source[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !BESIDE.test(file));
    if (files.length > 0) return files.sort().map((file) => sourceOf(path.join(folder, file)));
  } catch (error) {
    throw new UserError(
      `${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}): name a folder of plans`,
    );
  }
  throw new UserError(`${folder} has no plan: STACK.json, as \`preview --json\` prints it`);
}

function planOf({ file, text, stack }: Source): Plan {
  try {
    return readPlan(text, stack);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    if (stack === undefined) throw new UserError(`${file}: ${error.message}: --plan STACK=${file} names the stack`);
    return failedPlan(stack, text);
  }
}

function makeFolder(output: string): void {
  try {
    mkdirSync(output, { recursive: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UserError(`${output} is no folder, and cannot become one (${code})`);
  }
}

/** For whoever puts several stacks together; of a failed preview that printed none, one that says so. */
function keep({ text }: Source, plan: Plan | undefined, output: string): void {
  if (plan === undefined) return;
  const diagnostics = plan.errors.map((error) => ({ severity: 'error', message: error.text }));
  const instead = () =>
    `${JSON.stringify({ steps: [], diagnostics, duration: 0, changeSummary: {}, result: 'failed' })}\n`;
  writeWhole(output, `${plan.stack}.json`, withoutSecrets(text) ?? instead());
}

interface Place {
  project: string;
  files: StackFiles;
  output: string;
}

function report(source: Source, { project, files, output }: Place): StackReport {
  const plan = planOf(source);
  const { stack, config } = plan;
  const keys = changedKeys(files, stack, config);
  const baseText = files.baseText(stack);
  const topology =
    (config && unlessBroken(() => parseConfig({ stack, values: bySection(config) }, DIAGRAM_ENVIRONMENT))) ??
    unlessBroken(() => readStack(project, stack, DIAGRAM_ENVIRONMENT));
  const baseTopology =
    baseText === undefined ? undefined : unlessBroken(() => readConfiguration(baseText, stack, DIAGRAM_ENVIRONMENT));
  const beside = <Value>(name: string, read: (json: unknown) => Value) =>
    jsonIn(path.join(path.dirname(source.file), name), read) ?? jsonIn(path.join(output, name), read);
  const decisions = beside(decisionsFile(stack), readDecisions);
  const findings = beside(findingsFile(stack), readFindings);
  return reportOn(plan, {
    ...(topology && { topology }),
    ...(baseTopology && { baseTopology }),
    ...(keys && { keys }),
    ...(decisions && { decisions }),
    ...(findings && { findings }),
  });
}

/** A file that cannot be used is the preview's to report; the picture is left out. */
function unlessBroken(read: () => Parameters<typeof topologyOf>[0]): Topology | undefined {
  try {
    return topologyOf(read());
  } catch {
    return undefined;
  }
}
