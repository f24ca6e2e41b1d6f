import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPython } from '../policies/runner';

const PACKAGES = ['--include', 'dependencies,unlisted,unresolved'];

/** Checks that are one test each: passed or failed. */
const STATIC_CHECKS = {
  format: ['npx', '--no-install', 'prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['npx', '--no-install', 'eslint', '--max-warnings', '0', '.'],
  types: ['npx', '--no-install', 'tsc', '--project', '.'],
  'types of the members script': ['npx', '--no-install', 'tsc', '--project', 'infra/database/members'],
  'types of the scripts of backups': ['npx', '--no-install', 'tsc', '--project', 'infra/database/backup/scripts'],
  // What the program and `make up` load stands under dependencies, and nothing else does.
  packages: ['npx', '--no-install', 'knip', '--no-progress', '--production', '--strict', ...PACKAGES],
  // What only its own file uses is not exported, and nothing lies about that nobody uses.
  unused: ['npx', '--no-install', 'knip', '--no-progress'],
};

/** Needs Go, and its modules. */
const WORKFLOWS = { workflows: ['go', '-C', 'test/actionlint', 'tool', 'actionlint'] };

/** Built ahead of the tests that need it, with progress, and not against a test's time limit. */
const CONTROL_PLANE = { 'control plane': ['node', '--require', 'tsx/cjs', 'embedded/cluster/cli.ts', 'build'] };

interface Tally {
  passed: number;
  failed: number;
}

/** Everything that has to hold, from lint to the integration tests; the last line counts what passed and what failed. */
async function main(args: string[]): Promise<void> {
  if (!args.includes('--static')) requirePython();
  const tally: Tally = { passed: 0, failed: 0 };
  runChecks(tally, STATIC_CHECKS);
  if (!args.includes('--static')) {
    await runJest(tally, ['unit', 'golden'], ['--maxWorkers', '2']);
    runChecks(tally, { ...WORKFLOWS, ...CONTROL_PLANE });
    // They start control planes of their own, which two cores run one at a time.
    await runJest(tally, ['integration'], ['--runInBand']);
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

/** Said once and at once, not by a hundred failed tests. */
function requirePython(): void {
  try {
    findPython();
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    process.exit(1);
  }
}

function runChecks(tally: Tally, checks: Record<string, string[]>): void {
  for (const [name, [program = '', ...args]] of Object.entries(checks)) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(program, args, { stdio: 'inherit' });
    count(tally, status === 0 ? 1 : 0, status === 0 ? 0 : 1);
  }
}

async function runJest(tally: Tally, projects: string[], options: string[]): Promise<void> {
  console.log(`\n== ${projects.join(' and ')} tests`);
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-test-'));
  const report = path.join(folder, 'report.json');
  const code = await jest(['--selectProjects', ...projects, ...options, '--json', '--outputFile', report]);
  const { numPassedTests, numFailedTests, numFailedTestSuites } = await reportOf(report);
  // A suite that could not even be loaded has no failed tests, and neither has a runner that died.
  count(tally, numPassedTests, Math.max(numFailedTests, numFailedTestSuites, code === 0 ? 0 : 1));
  await rm(folder, { recursive: true });
}

function jest(args: string[]): Promise<number> {
  // jest's JSON goes to the file, and its own words to stderr.
  const child = spawn('npx', ['--no-install', 'jest', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
}

async function reportOf(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text ? (JSON.parse(text) as Report) : { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
}

function count(tally: Tally, passed: number, failed: number): void {
  tally.passed += passed;
  tally.failed += failed;
}

void main(process.argv.slice(2));
