import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble } from '../../operations/report/assemble';
import { htmlReport } from '../../operations/report/html/page';
import { markdownReport } from '../../operations/report/markdown';
import { stackFiles } from '../../operations/report/stack-files';
import { goldenText } from './golden-file';

const ROOT = path.join(__dirname, '../..');
const PLANS = path.join(__dirname, 'plans');
const REPORTS = path.join(__dirname, 'reports');

const plans = readdirSync(PLANS).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);

function reportOf(plan: string, { folder = PLANS, stack = 'dev' } = {}) {
  const file = path.join(folder, `${plan}.json`);
  const source = { file, text: readFileSync(file, 'utf8'), stack };
  return assemble(source, { project: ROOT, files: stackFiles(ROOT, path.join(PLANS, 'base')), output: folder });
}

const golden = (name: string, actual: string) => goldenText(path.join(REPORTS, name), actual);

test.each(plans)('the report of %s is its golden file (UPDATE_GOLDEN=1 rewrites it)', (plan) => {
  const actual = markdownReport([reportOf(plan)]);
  expect(actual).toBe(golden(`${plan}.md`, actual));
});

test('several stacks, decisions and findings are told in one report, as a comment and as a page', () => {
  const folder = path.join(PLANS, 'beside');
  const reports = [
    reportOf('bindings', { folder }),
    reportOf('release', { stack: 'staging' }),
    reportOf('gateway', { stack: 'prod' }),
  ];
  const options = { unverified: true };
  const actual = markdownReport(reports, options);
  expect(actual).toBe(golden('several.md', actual));
  const page = htmlReport(reports, options);
  expect(page === golden('several.html', page)).toBe(true);
});

test('no report shows a credential, marked as one or not', () => {
  const reports = plans.map((plan) => reportOf(plan));
  const all = markdownReport(reports, { limit: Infinity }) + htmlReport(reports);
  expect(all).toContain('API');
  expect(all).not.toContain('hunter2');
});
