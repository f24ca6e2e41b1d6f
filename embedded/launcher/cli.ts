import path from 'node:path';
import { cancelAhead, startAhead } from '../engine';
import { UsageError, runMain } from '../shared/cli/run-main';
import { previewWithReport } from './preview-report';
import { lookForPython } from './python';

const CHECKOUT = path.resolve(__dirname, '../..');

/** What the Makefile's targets mean to Pulumi. */
const COMMANDS: Record<string, string[]> = {
  up: ['up'],
  preview: ['preview'],
  refresh: ['refresh'],
  down: ['destroy'],
  outputs: ['stack', 'output'],
  export: ['stack', 'export'],
  import: ['stack', 'import'],
  cancel: ['cancel'],
};

/** What more there is, done by functions of launch.ts. */
const OTHERS = { verify: 'verifyStack', doctor: 'examineCluster', forget: 'forgetEmbedded' } as const;

const USAGE = `Usage: node --require tsx/cjs embedded/launcher/cli.ts COMMAND STACK [PULUMI OPTIONS]

Runs a Pulumi command on a stack with what this machine has: the pulumi CLI if it is on the PATH and recent, else the
embedded engine (with AIOS_ENGINE=cli: else the CLI that "make pulumi" has built); the cluster whose context the stack
names, else (stack dev only) the embedded cluster.

preview --report FOLDER [--base COMMIT] also writes what it would do as report.md and report.html, and its plan as STACK.json; with
a base it compares the decisions of the stack's policies with its, too (decisions-STACK.json).

Commands: ${[...Object.keys(COMMANDS), ...Object.keys(OTHERS)].join(', ')}
Environment: AIOS_ENGINE=embedded|cli, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE[_FILE], NO_COLOR
`;

async function main([name, stack, ...rest]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const isCommand = Object.hasOwn(COMMANDS, name) || Object.hasOwn(OTHERS, name);
  if (!isCommand) throw new UsageError(`"${name}" is not a command`);
  if (stack === undefined || stack.startsWith('-')) throw new UsageError(`${name}: name a stack`);
  const [option, folder] = rest;
  if (name === 'preview' && option === '--report') {
    if (folder === undefined || folder === '') throw new UsageError('preview: name the folder of the report');
    return previewWithReport({ checkout: CHECKOUT, stack, folder, rest: rest.slice(2) });
  }
  if (name === 'up') lookForPython();
  if (name === 'up' || name === 'preview') await startAhead(CHECKOUT);
  // Not before: to load all this takes as long as to start the program.
  const launcher = require('./launch') as typeof import('./launch');
  const command = COMMANDS[name];
  return command
    ? launcher.launch({ command, stack, rest })
    : launcher[OTHERS[name as keyof typeof OTHERS]](stack, rest);
}

void runMain(main).finally(cancelAhead);
