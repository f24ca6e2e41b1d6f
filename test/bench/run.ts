import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildPrograms, type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { progressPrinter } from '../../embedded/shared/cli/progress';
import { UserError } from '../../embedded/shared/errors';
import type { Bench, Outcome } from './bench';
import { measureGovernance } from './governance';
import { interruption } from './interruption';
import { describeMachine } from './machine';
import { measure } from './measure';
import { type Options, parseOptions, type Part, USAGE } from './options';
import { ProgressLog } from './progress';
import { asText, type Report, reportOf } from './report';
import { measureReview } from './review';
import { measureServices } from './services';
import { measureStack } from './stack';
import type { Run } from './turns';

const MEASURE: Record<Part, (bench: Bench) => Promise<Outcome>> = {
  stack: measureStack,
  services: measureServices,
  governance: measureGovernance,
  review: measureReview,
};

const INTERRUPTED = 130;

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const machine = describeMachine();
  // Before signals are caught: a build takes minutes, and needs no cleaning up.
  const { report: onProgress, end } = progressPrinter(process.stderr);
  await buildPrograms(onProgress).finally(end);
  const signal = interruption();
  try {
    const report = await compareAll(options, machine, signal);
    process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : asText(report));
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('Interrupted; nothing is left running.\n');
    return INTERRUPTED;
  }
}

async function compareAll(options: Options, machine: Report['machine'], signal: AbortSignal): Promise<Report> {
  const { runs, parts, usePulumi } = options;
  const log = new ProgressLog(process.stderr);
  const skipped: string[] = [];
  const run: Run = (purpose, command) =>
    log.during(
      purpose,
      () => measure(command, signal),
      ({ seconds, cpu, memory }) => `${seconds.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${(memory / 1e6).toFixed(0)} MB`,
    );
  const outcomes = await withCluster(log, async (cluster, folder) => {
    const bench: Bench = { cluster, folder, runs, usePulumi, run, skip: (sentence) => skipped.push(sentence) };
    const measured: (Outcome & { part: Part })[] = [];
    for (const part of parts) measured.push({ part, ...(await MEASURE[part](bench)) });
    return measured;
  });
  return reportOf(outcomes, { machine, runs, skipped });
}

/** Works with a cluster of its own, and a folder, of which nothing is left afterwards. */
async function withCluster<T>(log: ProgressLog, work: (cluster: Cluster, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-bench-'));
  const directory = path.join(folder, 'cluster');
  await mkdir(path.join(folder, 'home'));
  const start = () => startCluster({ directory });
  try {
    const cluster = await log.during('Starting a cluster', start, ({ server }) => server);
    return await work(cluster, folder);
  } finally {
    await log.during(
      'Stopping the cluster',
      () => stopCluster({ directory }),
      (count) => `${count} processes`,
    );
    await rm(folder, { recursive: true, force: true });
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
