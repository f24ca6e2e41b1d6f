import path from 'node:path';
import { progressPrinter } from '../shared/cli/progress';
import { UserError } from '../shared/errors';
import { exitOnSignals } from '../shared/processes/exit-on-signals';
import { runOperation } from '../shared/processes/run-operation';
import { cancelAhead, checkArguments, outputsOf, runEngine } from '../engine';
import type { RealPulumi } from '../pulumi';
import { demonstrate } from './demonstration';
import { localState } from './local-state';
import { checkPulumiArguments, hasPulumiCli, pulumiOutputs, requirePulumiCli, runPulumiCli } from './pulumi-cli';
import { requirePython } from './python';
import { summary } from './summary';
import { type Destination, type Section, type Target, isMandatory, prepareTarget, readDestination } from './target';

export interface Launch {
  /** A command of the pulumi CLI: preview, up, refresh, destroy, stack output, … */
  command: string[];
  stack: string;
  /** Further arguments, handed through. */
  rest: string[];
}

const CHECKOUT = path.resolve(__dirname, '../..');

/** What no stack may bring about, as it is told: the engines run in the checkout. */
const GUARDRAILS = 'policies/guardrails';

/**
 * Runs a Pulumi command on a stack with what this machine has: the pulumi CLI, else the embedded engine; the cluster that
 * the stack names, else, for stack dev, the embedded one.
 *
 * @returns the exit code
 */
export async function launch({ command, stack, rest }: Launch): Promise<number> {
  const engine = await chooseEngine();
  const destination = await readDestination(CHECKOUT, stack);
  const { usesEmbeddedCluster, namesEndpoints, guardrails } = destination;
  // Before anything is built or started.
  if (usesEmbeddedCluster) engine.check([...command, ...rest]);
  if (command[0] === 'up' && usesEmbeddedCluster && !namesEndpoints) await requirePython();
  const target = await prepare(stack, destination);
  const wantsSummary = command[0] === 'up' && !rest.includes('--json');
  // The summary says what the outputs would, in a form for people.
  const options = [...rest, ...(wantsSummary ? ['--suppress-outputs'] : [])];
  const isJudged = command[0] === 'up' || command[0] === 'preview';
  if (isJudged && guardrails) options.push(...engine.judgedBy(guardrails, rest));
  const code = await engine.run([...command, '--stack', stack, ...options], stack);
  if (wantsSummary && code === 0) {
    const decisions = target.kind === 'embedded' && target.governsSimulated ? await demonstrate(target.network) : [];
    process.stdout.write(summary(stack, target, await engine.outputs(stack), decisions));
  }
  return code;
}

/**
 * Forgets what a stack had on the embedded cluster, once that cluster's data is deleted. One that names its own context is left
 * alone.
 *
 * @returns the exit code
 */
export async function forgetEmbedded(stack: string): Promise<number> {
  if (!(await readDestination(CHECKOUT, stack)).usesEmbeddedCluster) return 0;
  Object.assign(process.env, await localState(CHECKOUT, stack));
  const engine = await chooseEngine();
  return engine.run(['stack', 'rm', '--force', '--preserve-config', '--yes', '--stack', stack], stack);
}

/** Starts what the stack needs here, and puts where it is into the environment. */
async function prepare(stack: string, destination: Destination): Promise<Target> {
  const progress = progressPrinter(process.stderr);
  // Afterwards Ctrl-C is the engine's: it has running steps to end.
  const handBack = exitOnSignals();
  const target = await prepareTarget(destination, progress.report).finally(progress.end);
  handBack();
  const environment = target.kind === 'embedded' ? target.environment : {};
  Object.assign(process.env, await localState(CHECKOUT, stack), environment);
  return target;
}

interface Engine {
  /** @throws UserError for an option that it does not know */
  check(args: string[]): void;
  run(args: string[], stack: string): Promise<number>;
  /**
   * Has a run judged by the guardrails.
   *
   * @param section the stack's own on them
   * @param rest further arguments of the run
   * @returns the options for it
   */
  judgedBy(section: Section, rest: readonly string[]): string[];
  outputs(stack: string): Promise<Record<string, unknown>>;
}

/** Compares what a stack wants with what its cluster has. @returns the exit code */
export function verifyStack(stack: string, rest: readonly string[]): Promise<number> {
  return operate('verify', stack, rest);
}

/** Says what stands between a stack and its cluster. @returns the exit code */
export function examineCluster(stack: string, rest: readonly string[]): Promise<number> {
  return operate('doctor', stack, rest);
}

/** Runs what looks at a stack's cluster; to be told how, nobody needs one. */
async function operate(operation: string, stack: string, rest: readonly string[]): Promise<number> {
  const wantsHelp = rest.includes('--help') || rest.includes('-h');
  if (!wantsHelp) await prepare(stack, await readDestination(CHECKOUT, stack));
  return runOperation(CHECKOUT, operation, stack, ...rest);
}

/** AIOS_ENGINE=embedded or AIOS_ENGINE=cli overrides the choice. */
async function chooseEngine(): Promise<Engine> {
  const wish = process.env.AIOS_ENGINE;
  if (wish && wish !== 'cli' && wish !== 'embedded') {
    throw new UserError(
      `AIOS_ENGINE: "${wish}" is neither embedded nor cli; unset it to take the pulumi CLI if it is there`,
    );
  }
  const useCli = wish === 'cli' || (wish !== 'embedded' && hasPulumiCli((message) => console.warn(message)));
  return useCli ? pulumiCli(await requirePulumiCli()) : embeddedEngine;
}

function pulumiCli(pulumi: RealPulumi): Engine {
  cancelAhead();
  // What is put into the environment later on is for the CLI.
  const current = () => ({ ...pulumi, env: { ...pulumi.env, ...process.env, PATH: pulumi.env.PATH } });
  return {
    check: (args) => checkPulumiArguments(pulumi, args),
    judgedBy: (section) => ['--policy-pack', pulumi.isBuilt ? programOf(section) : GUARDRAILS],
    run: (args, stack) => runPulumiCli(current(), args, stack),
    outputs: (stack) => Promise.resolve(pulumiOutputs(current(), stack) as Record<string, unknown>),
  };
}

/** The language host that can be built starts no packs, and the CLI hands a program no configuration. */
function programOf(section: Section): string {
  process.env.PULUMI_CONFIG = JSON.stringify({ 'aios-network:guardrails': JSON.stringify(section) });
  return `${GUARDRAILS}/pulumi-analyzer-guardrails`;
}

const embeddedEngine: Engine = {
  check: checkArguments,
  judgedBy: (section, rest) => {
    // Where nothing can be refused, nobody waits for a preview that was not asked for.
    const spared = isMandatory(section) || !rest.includes('--yes') || rest.includes('--json') ? [] : ['--skip-preview'];
    return ['--policy-pack', GUARDRAILS, ...spared];
  },
  run: (args) => runEngine([...args, '--cwd', CHECKOUT]),
  outputs: (stack) => outputsOf(CHECKOUT, stack),
};
