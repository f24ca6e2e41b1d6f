import { messageOf } from '../../shared/errors';
import { type StartedPacks, startPacks } from '../policy-pack/start-packs';
import type { DisplayEvent, Operation } from '../display/events';
import { Deployment } from '../deployment/deployment';
import { settlePending } from '../deployment/pending';
import { refresh } from '../deployment/refresh';
import type { LoadProvider } from '../deployment/provider-registry';
import { Run, RunEnding } from '../deployment/run';
import { engineService } from '../protocol/engine-service';
import { resourceMonitor } from '../protocol/monitor';
import { type RunningServer, serve } from '../protocol/server';
import { providerLoader } from '../providers/loader';
import { StateWriter } from '../state/journal';
import type { StackState } from '../state/resource-state';
import type { OperationEnd, OperationOptions } from './operation';
import type { Stack } from './stack';

/** What an operation works with. */
export interface Session {
  stack: Stack;
  options: OperationOptions;
  emit: (event: DisplayEvent) => void;
  /** Of the engine's gRPC services. */
  address: string;
  /** Loads while a program starts: decrypting the state and starting a program take half a second each. */
  deployment: Promise<Deployment>;
}

/** Does one operation on a stack, from its lock to its summary. */
export async function inSession(
  stack: Stack,
  operation: Operation,
  options: OperationOptions,
  act: (session: Session) => Promise<void>,
): Promise<OperationEnd> {
  const started = new Date();
  const emit = (event: DisplayEvent) => options.display.handle(event);
  const inform = (message: string) => emit({ type: 'diagnostic', severity: 'info', message });
  const lock = options.preview ? undefined : await stack.lock(inform);
  try {
    const load = providerLoader(stack.project, async () => (await server).address, inform);
    const packs = startPolicyPacks(stack, options, inform);
    const deployment = loadDeployment(stack, operation, options, load, packs);
    // If it fails before the server is ready, who waits for it next is told.
    deployment.catch(() => undefined);
    const server: Promise<RunningServer> = serve(engineService(emit), resourceMonitor(deployment));
    const { address } = await server;
    const end = await conclude({ stack, options, emit, address, deployment }, act).finally(async () => {
      await packs?.close();
      await (await server).close();
    });
    const policyPacks = packs?.identities() ?? [];
    emit({ type: 'summary', ...end, durationMs: Date.now() - started.getTime(), policyPacks });
    if (operation !== 'preview' && !options.preview) await stack.recordUpdate({ operation, started, ...end });
    return end;
  } finally {
    await lock?.release();
  }
}

/** Acts, and turns whatever happens into a result; what was reached is in the state then. */
async function conclude(session: Session, act: (session: Session) => Promise<void>): Promise<OperationEnd> {
  const acting = act(session);
  // If the state can't be loaded, that is what the user has to hear of.
  acting.catch(() => undefined);
  const { run, providers } = await session.deployment;
  try {
    await run.unlessGivenUp(acting);
  } catch (error) {
    if (!(error instanceof RunEnding)) run.fail(messageOf(error));
  }
  try {
    await run.idle();
    await run.options.writer.flush();
  } finally {
    await providers.close();
  }
  const hasFailed = run.failed || run.breached;
  const result = session.options.signal.aborted ? 'cancelled' : hasFailed ? 'failed' : 'succeeded';
  return { result, changes: run.changes };
}

/** Undefined where there are none. */
function startPolicyPacks(
  stack: Stack,
  { policyPacks = [], preview, signal }: OperationOptions,
  log: (line: string) => void,
): StartedPacks | undefined {
  if (policyPacks.length === 0) return undefined;
  const { name: project, directory } = stack.project;
  const optionsOf = async (pack: { name: string; folder: string }) => ({
    ...{ ...pack, log, preview, project, stack: stack.name, workingDirectory: directory },
    config: await stack.programConfig(),
  });
  return startPacks(policyPacks.map(optionsOf), signal);
}

async function loadDeployment(
  stack: Stack,
  operation: Operation,
  { parallel, signal, display, preview, refreshFirst = stack.project.refreshAlways }: OperationOptions,
  load: LoadProvider,
  packs: StartedPacks | undefined,
): Promise<Deployment> {
  const [stored, config] = await Promise.all([stack.load(), stack.shownConfig()]);
  const emit = (event: DisplayEvent) => display.handle(event);
  // Errors may quote what the state keeps secret: the display has to know it to mask it.
  const sensitive = Object.fromEntries(stored.resources.map(({ urn, inputs, outputs }) => [urn, { inputs, outputs }]));
  emit({ type: 'prelude', stack: stack.name, project: stack.project.name, operation, config, sensitive });
  const common = { project: stack.project.name, stack: stack.name, preview, parallel, signal, emit };
  const on = (state: StackState) => {
    const writer = new StateWriter(state, (changed) => stack.save(changed));
    return new Deployment(new Run({ ...common, writer }), state, load, packs?.packs);
  };
  const deployment = on(stored);
  const { run, providers } = deployment;
  const current = await run
    .unlessGivenUp(lookAtWorld(deployment, stored, refreshFirst && operation !== 'refresh'))
    .catch(async (error: unknown) => {
      // The deployment is known to have failed: whoever gets it ends at once, and closes its providers.
      if (error instanceof RunEnding) return stored;
      await providers.close();
      throw error;
    });
  if (current === stored) return deployment;
  await providers.close();
  if (!preview) await stack.save(current);
  return on(current);
}

/** The state as the world is, as far as that has to be known before anything else. */
async function lookAtWorld({ run, providers }: Deployment, stored: StackState, refreshFirst: boolean) {
  const settled = await settlePending(run, providers, stored);
  return refreshFirst ? refresh(run, providers, settled) : settled;
}
