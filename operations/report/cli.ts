import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand, UserError } from '../command-line';
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
import { failedPlan, type Plan, PlanError, readPlan } from './plan';
import { changedKeys, type StackFiles, stackFiles } from './stack-files';
import { reportOn, type StackReport } from './stack-report';

const USAGE = `Usage: node --require tsx/cjs operations/report/cli.ts --plan [STACK=]FILE … [--output DIR] [--base COMMIT]

Writes what previews say as report.md, for the comment of a pull request, and report.html, one page that needs nothing else.
\`make preview REPORT=DIR\` runs the preview and this.

  --plan [STACK=]FILE   output of \`preview --json\`, the CLI's or the embedded engine's; for several stacks several times.
                        Without STACK=, a file plan-STACK.json tells it
  --output DIR          where the report goes, and where decisions-STACK.json and guardrails-STACK.json are looked for.
                        Default: report
  --base COMMIT         commit, branch or folder with the files of stacks that changes of keys are told against. Default: HEAD

A plan that is no JSON is taken as what a failed preview said.
Exit code: 0 written, 2 it could not be
`;

const OPTIONS = {
  plan: { type: 'string', multiple: true },
  output: { type: 'string', default: 'report' },
  base: { type: 'string', default: 'HEAD' },
} as const;

runCommand(USAGE, OPTIONS, ({ values, positionals }) => {
  const { plan: plans = [], output, base } = values;
  const [stray] = positionals;
  if (stray !== undefined) throw new UserError(`${stray}: name plans with --plan (see --help)`);
  if (plans.length === 0) throw new UserError('name a plan with --plan (see --help)');
  const project = process.cwd();
  const files = stackFiles(project, base);
  const reports = plans.map(planOf).map((plan) => report(plan, { project, files, output }));
  try {
    mkdirSync(output, { recursive: true });
  } catch (error) {
    throw new UserError(
      `${output} is no folder, and cannot become one (${(error as NodeJS.ErrnoException).code ?? ''})`,
    );
  }
  writeWhole(output, 'report.md', markdownReport(reports));
  writeWhole(output, 'report.html', htmlReport(reports));
  for (const one of reports) process.stderr.write(`${one.plan.stack}: ${textOf(headlineOf(one))}\n`);
  process.stderr.write(`${path.join(output, 'report.md')}, ${path.join(output, 'report.html')}\n`);
  return 0;
});

function planOf(given: string): Plan {
  const [, named, file = given] = /^([A-Za-z0-9._-]+)=(.*)$/.exec(given) ?? [];
  const stack = named ?? /^plan-(.+)\.json$/.exec(path.basename(file))?.[1];
  const text = textIn(file);
  if (text === undefined) throw new UserError(`there is no plan ${file}`);
  try {
    return readPlan(text, stack ?? 'unknown');
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    if (stack === undefined)
      throw new UserError(`${file}: ${error.message}, and no stack is named: --plan STACK=${file}`);
    return failedPlan(stack, text);
  }
}

interface Place {
  project: string;
  files: StackFiles;
  output: string;
}

function report(plan: Plan, { project, files, output }: Place): StackReport {
  const { stack } = plan;
  const keys = changedKeys(files, stack);
  const topology = unlessBroken(() => readStack(project, stack, DIAGRAM_ENVIRONMENT));
  const baseText = files.baseText(stack);
  const baseTopology =
    baseText === undefined ? undefined : unlessBroken(() => readConfiguration(baseText, stack, DIAGRAM_ENVIRONMENT));
  const decisions = jsonIn(path.join(output, decisionsFile(stack)), readDecisions);
  const findings = jsonIn(path.join(output, findingsFile(stack)), readFindings);
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
