import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand, UserError } from '../command-line';
import { assemble, type Source } from './assemble';
import { codeOf, textIn, writeWhole } from './files';
import { headlineOf } from './headline';
import { htmlReport } from './html/page';
import { markdownReport } from './markdown';
import { textOf } from './phrase';
import { keptPlan, type Plan } from './plan';
import { stackFiles } from './stack-files';

const USAGE = `Usage: node --require ./operations/start.js operations/report/cli.ts --plan [STACK=]FILE … [--output DIR] [--base COMMIT]

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
  const reports = sources.map((source) => assemble(source, { project, files, output }));
  makeFolder(output);
  writeWhole(output, 'report.md', markdownReport(reports, { unverified }));
  writeWhole(output, 'report.html', htmlReport(reports, { unverified }));
  if (values['keep-plans']) sources.forEach((source, index) => keep(source, reports[index]?.plan, output));
  for (const one of reports) process.stderr.write(`${one.plan.stack}: ${textOf(headlineOf(one))}\n`);
  process.stderr.write(`${path.join(output, 'report.md')}, ${path.join(output, 'report.html')}\n`);
  return 0;
});

function sourceOf(given: string): Source {
  const [, named, file = given] = /^([A-Za-z0-9._-]+)=(.*)$/.exec(given) ?? [];
  const [, own] = /^([A-Za-z0-9._-]+)\.json$/.exec(path.basename(file)) ?? [];
  const text = textIn(file);
  if (text === undefined) throw new UserError(`there is no plan ${file}`);
  return { file, text, stack: named ?? own };
}

const BESIDE = /^(decisions|guardrails)-/;

function plansIn(folder: string): Source[] {
  const files = filesIn(folder).filter((file) => file.endsWith('.json') && !BESIDE.test(file));
  if (files.length === 0) throw new UserError(`${folder} has no plan: STACK.json, as \`preview --json\` prints it`);
  return files.sort().map((file) => sourceOf(path.join(folder, file)));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UserError(`${folder} cannot be read (${codeOf(error)}): name a folder of plans`);
  }
}

function makeFolder(output: string): void {
  try {
    mkdirSync(output, { recursive: true });
  } catch (error) {
    throw new UserError(`${output} is no folder, and cannot become one (${codeOf(error)})`);
  }
}

/** For whoever puts several stacks together; of a failed preview that printed none, one that says so. */
function keep({ text }: Source, plan: Plan | undefined, output: string): void {
  if (plan === undefined) return;
  const diagnostics = plan.errors.map((error) => ({ severity: 'error', message: error.text }));
  const instead = () =>
    `${JSON.stringify({ steps: [], diagnostics, duration: 0, changeSummary: {}, result: 'failed' })}\n`;
  writeWhole(output, `${plan.stack}.json`, keptPlan(text) ?? instead());
}
