import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Bench, Outcome } from './bench';
import type { Command } from './measure';
import { GOVERNED_STACK, writeGoverned, writePlan } from './review-fixtures';
import { type Contender, type Contest, takeTurns } from './turns';

const ROOT = path.resolve(__dirname, '../..');

/** What a review waits for beside the preview: its report, and the decisions that differ. */
export async function measureReview(bench: Bench): Promise<Outcome> {
  const contests = [...(await measureReport(bench)), ...(await measureDecisions(bench))];
  return {
    title: 'What a review waits for beside the preview',
    note: 'Plans and policies are made up here; no cluster takes part.',
    contests,
  };
}

async function measureReport({ folder, runs, run }: Bench): Promise<Contest[]> {
  const contender = async (size: number, changed: number): Promise<Contender> => {
    const plan = path.join(folder, `plan-${size}.json`);
    await writePlan(plan, size, changed);
    const report = operation(ROOT, 'report', '--plan', `prod=${plan}`, '--output', path.join(folder, 'report'));
    return only(`${size} resources, ${changed} changed`, 'report', report);
  };
  const contenders = [await contender(200, 5), await contender(20, 5)];
  return takeTurns({ contenders, warmUp: contenders, runs, run });
}

async function measureDecisions({ folder, runs, run }: Bench): Promise<Contest[]> {
  const contender = async (size: number, changed: number): Promise<Contender> => {
    const place = path.join(folder, `governed-${size}`);
    await mkdir(place);
    const { before, after } = await writeGoverned(place, size, changed);
    const impact = operation(after, 'policy-impact', GOVERNED_STACK, '--base', before, '--out', place);
    return only(`${size} resources, ${changed} changed`, 'decisions', impact);
  };
  const contenders = [await contender(1500, 100), await contender(150, 10)];
  return takeTurns({ contenders, warmUp: contenders, runs, run });
}

const only = (name: string, contest: string, command: Command): Contender => ({
  name,
  take: async (run) => ({ [contest]: await run(contest, command) }),
});

/** A command of operations/, as `make` starts it, in a project's folder. */
function operation(project: string, name: string, ...args: string[]): Command {
  const start = ['--require', path.join(ROOT, 'operations/start.js'), path.join(ROOT, 'operations', name, 'cli.ts')];
  return { program: process.execPath, args: [...start, ...args], directory: project, environment: process.env };
}
