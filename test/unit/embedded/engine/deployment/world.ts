import { deleteAll } from '../../../../../embedded/engine/deployment/delete';
import { Deployment } from '../../../../../embedded/engine/deployment/deployment';
import type { Goal } from '../../../../../embedded/engine/deployment/goal';
import { settlePending } from '../../../../../embedded/engine/deployment/pending';
import { register } from '../../../../../embedded/engine/deployment/register';
import { Run } from '../../../../../embedded/engine/deployment/run';
import { leftovers } from '../../../../../embedded/engine/deployment/delete';
import type { DisplayEvent } from '../../../../../embedded/engine/display/events';
import { InitError, type Provider } from '../../../../../embedded/engine/providers/provider';
import { StateWriter } from '../../../../../embedded/engine/state/journal';
import type { StackState } from '../../../../../embedded/engine/state/resource-state';
import { providerReference } from '../../../../../embedded/engine/state/urn';
import { diff } from '../../../../../embedded/engine/values/diff';
import { type PropertyMap, type Value, containsUnknown } from '../../../../../embedded/engine/values/value';

/** A cloud in memory: objects by id, and a log of what was done to them. */
export class World implements Provider {
  readonly objects = new Map<string, PropertyMap>();
  readonly log: string[] = [];
  /** Names whose next create or update fails, before or after it changed anything. */
  readonly failing = new Map<string, 'before' | 'after'>();
  /** Resolves when a call on this name may go on. */
  readonly gates = new Map<string, Promise<void>>();

  checkConfig = (request: Parameters<Provider['check']>[0]) => this.check(request);
  diffConfig = () => Promise.resolve({ changes: false, replaces: [], deleteBeforeReplace: false, detailed: {} });
  configure = () => Promise.resolve();
  close = () => Promise.resolve();

  check({ newInputs }: Parameters<Provider['check']>[0]) {
    const failures = newInputs.invalid ? [{ property: 'invalid', reason: 'must not be there' }] : [];
    return Promise.resolve({ inputs: newInputs, failures });
  }

  /** A changed `fixed` replaces the object; with `exclusive`, two cannot be there at once. */
  diff({ oldInputs, newInputs }: Parameters<Provider['diff']>[0]) {
    const detailed = diff(oldInputs, newInputs);
    const replaces = Object.keys(detailed).filter((path) => path === 'fixed');
    return Promise.resolve({
      changes: Object.keys(detailed).length > 0,
      replaces,
      deleteBeforeReplace: newInputs.exclusive === true,
      detailed,
    });
  }

  async create(request: Parameters<Provider['create']>[0]) {
    const { name, inputs, preview } = request;
    const id = `${name}-${textOf(inputs.fixed)}`;
    if (preview) return { id: containsUnknown(inputs) ? '' : id, outputs: inputs };
    await request.noteIntent({ token: id });
    await this.arrive('create', name, id);
    if (this.objects.has(id)) throw new Error(`${id} exists already`);
    this.objects.set(id, inputs);
    this.failAfter(name, id, inputs);
    return { id, outputs: { ...inputs, ready: true } };
  }

  async update({ name, id, newInputs, preview }: Parameters<Provider['update']>[0]) {
    if (preview) return { outputs: newInputs };
    await this.arrive('update', name, id);
    this.objects.set(id, newInputs);
    this.failAfter(name, id, newInputs);
    return { outputs: { ...newInputs, ready: true } };
  }

  async delete({ name, id }: Parameters<Provider['delete']>[0]) {
    await this.arrive('delete', name, id);
    this.objects.delete(id);
  }

  read({ id }: Parameters<Provider['read']>[0]) {
    const found = this.objects.get(id);
    return Promise.resolve(found && { id, inputs: found, outputs: { ...found, ready: true } });
  }

  recover({ noted }: Parameters<NonNullable<Provider['recover']>>[0]) {
    const id = textOf(noted.token);
    const found = this.objects.get(id);
    return Promise.resolve(found && { id, outputs: found });
  }

  private async arrive(what: string, name: string, id: string): Promise<void> {
    await this.gates.get(name);
    if (this.failing.get(name) === 'before') {
      this.failing.delete(name);
      throw new Error(`${name} is not to be had`);
    }
    this.log.push(`${what} ${id}`);
  }

  private failAfter(name: string, id: string, outputs: PropertyMap): void {
    if (this.failing.get(name) !== 'after') return;
    this.failing.delete(name);
    throw new InitError(id, outputs, [`${name} does not get ready`]);
  }
}

const textOf = (value: Value | undefined) => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

/** A resource of a program, by name: what it needs is registered before it. */
export type Wish = Partial<Goal> & { name: string };

export interface RunResult {
  events: DisplayEvent[];
  changes: Run['changes'];
  failed: boolean;
  state: StackState;
  /** Every state that was written, in order. */
  written: StackState[];
}

export const emptyState: StackState = { resources: [], pending: [], metadata: {} };

export const urnOf = (name: string, type = 'world:index:Thing') => `urn:pulumi:test::proj::${type}::${name}`;

interface RunWishOptions {
  preview?: boolean;
  signal?: AbortSignal;
  parallel?: number;
  /** Dies (kill -9) when this many states have been written: the next one isn't, and nothing happens that waits for it. */
  dieAfter?: number;
}

/** Runs a program that registers the wishes one after the other, each in its turn or all at once. */
export async function runProgram(
  world: World,
  base: StackState,
  wishes: (Wish | Wish[])[],
  { preview = false, signal = new AbortController().signal, parallel = 8, dieAfter = Infinity }: RunWishOptions = {},
): Promise<RunResult> {
  const events: DisplayEvent[] = [];
  const written: StackState[] = [];
  let die: () => void;
  const death = new Promise<void>((resolve) => (die = resolve));
  const persist = (state: StackState): Promise<void> => {
    if (written.length < dieAfter) return Promise.resolve(void written.push(state));
    die();
    return new Promise(() => undefined);
  };
  const runOn = (state: StackState) =>
    new Run({
      project: 'proj',
      stack: 'test',
      preview,
      parallel,
      signal,
      emit: (event) => events.push(event),
      writer: new StateWriter(state, persist),
    });
  const load = () => Promise.resolve<Provider>(world);
  const first = new Deployment(runOn(base), base, load);
  const settled = await settlePending(first.run, first.providers, base);
  const deployment = new Deployment(runOn(settled), settled, load);
  const { run } = deployment;
  const whole = async () => {
    try {
      const { urn, id = '' } = await register(deployment, goalOf({ name: 'default', type: 'pulumi:providers:world' }));
      const provider = providerReference(urn, id);
      for (const wish of wishes) {
        await Promise.all([wish].flat().map((one) => register(deployment, goalOf({ provider, ...one }))));
      }
      await deleteAll(run, deployment.providers, leftovers(deployment), deployment.replaced);
    } catch {
      // What went wrong is in the events.
    }
    await run.idle();
    await run.options.writer.flush();
  };
  await Promise.race([whole(), death]);
  const state = dieAfter === Infinity ? run.options.writer.state : (written.at(-1) ?? base);
  return { events, changes: run.changes, failed: run.failed, state, written };
}

/** A goal without any options but the wish's. */
const goalOf = (wish: Wish): Goal => ({
  type: 'world:index:Thing',
  custom: true,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  ignoreChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  customTimeouts: {},
  ...wish,
});
