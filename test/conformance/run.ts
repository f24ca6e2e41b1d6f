import picocolors from 'picocolors';
import { buildPrograms } from '../../embedded/cluster';
import { type RealPulumi, realPulumi } from '../../embedded/pulumi';
import { progressPrinter } from '../../embedded/shared/cli/progress';
import { UserError } from '../../embedded/shared/errors';
import { interruption } from '../bench/interruption';
import { ProgressLog } from '../bench/progress';
import { judge } from './compare/known';
import { KNOWN_DIFFERENCES } from './known-differences';
import { type Options, parseOptions, USAGE } from './options';
import { findings, isPassed, type Result, table } from './report';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';
import { restore, type Stage, withStage } from './stage/stage';

const INTERRUPTED = 130;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(
    args,
    SCENARIOS.map(({ name }) => name),
  );
  if (options.help || options.list) {
    process.stdout.write(options.help ? USAGE : listing());
    return 0;
  }
  const pulumi = requirePulumi();
  // Before signals are caught: a build takes minutes, and needs no cleaning up.
  const { report: onProgress, end } = progressPrinter(process.stderr);
  await buildPrograms(onProgress).finally(end);
  const signal = interruption();
  try {
    const results = await runAll(options, pulumi, signal);
    process.stdout.write(`\n${table(results)}`);
    return results.every(isPassed) ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('Interrupted; nothing is left running.\n');
    return INTERRUPTED;
  }
}

/** @throws UserError if there is no CLI to compare with */
function requirePulumi(): RealPulumi {
  const found = realPulumi();
  if (found) return found;
  throw new UserError(
    'There is no pulumi to compare with, on the PATH or built: build it with "make pulumi" (22 minutes on two cores).',
  );
}

function listing(): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  return SCENARIOS.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join('');
}

async function runAll({ only, keep }: Options, pulumi: RealPulumi, signal: AbortSignal): Promise<readonly Result[]> {
  const scenarios = SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name));
  const log = new ProgressLog(process.stderr);
  const say = (what: string) => log.line(`  ${picocolors.dim(what)}`);
  return withStage({ pulumi, keep, signal, say }, async (stage) => {
    const results: Result[] = [];
    for (const scenario of scenarios) {
      log.line(picocolors.bold(scenario.name));
      const result = await runOne(scenario, stage, signal);
      log.line(isPassed(result) ? picocolors.green('  passed') : picocolors.red('  failed'));
      process.stdout.write(isPassed(result) ? '' : `${scenario.name}\n${findings(result)}`);
      results.push(result);
    }
    return results;
  });
}

async function runOne(scenario: Scenario, stage: Stage, signal: AbortSignal): Promise<Result> {
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  const { name } = scenario;
  try {
    await restore(stage);
    const verdict = judge(name, await scenario.run(stage), KNOWN_DIFFERENCES);
    return { name, seconds: seconds(), verdict };
  } catch (error) {
    signal.throwIfAborted();
    const text = error instanceof Error ? error.message : String(error);
    return { name, seconds: seconds(), verdict: { unknown: [], known: 0, gone: [] }, error: text };
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const isKnown = error instanceof UserError;
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`error: ${isKnown ? error.message : details}\n`);
    process.exitCode = isKnown ? error.exitCode : 1;
  },
);
