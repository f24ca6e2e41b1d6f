import { type CheckFailure, Fields } from '../check/fields';
import { PartialFailure } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import {
  type Json,
  type JsonObject,
  type Properties,
  Secret,
  type Value,
  containsUnknown,
  isJsonObject,
  isProperties,
  reveal,
  unknown,
} from '../wire/value';
import {
  bindingsIn,
  bindingsOf,
  checkBindings,
  listedKeys,
  remarksOn,
  withFullBindings,
  withSecrets,
} from './bindings';
import { withoutOwn } from './own-bindings';
import type { MapStore } from './store';
import {
  complete,
  previousIn,
  previousOf,
  previousOfUpdate,
  desiredMapOf,
  desiredAfterDelete,
  desiredAfterUpdate,
} from './desired-map';

const commonInputs = ['bindings', 'unlisted', 'onDelete'];
const DEFAULTS = { unlisted: 'keep', onDelete: 'restore' } as const;

/** The policies of a map: what the network's and a cluster's have in common. */
export abstract class MapPolicies implements ResourceHandler {
  abstract readonly identity: readonly string[];

  /** Names of the inputs beyond the common ones. */
  protected abstract readonly ownInputs: readonly string[];
  protected abstract checkOwn(fields: Fields): void;
  /** Whether the gateway forgets at every start what the stack does not name. */
  protected abstract readonly isLostByRollouts: boolean;
  protected abstract storeOf(inputs: Properties): MapStore;
  protected abstract idOf(inputs: Properties): string;
  /** The inputs that an import starts from. */
  protected abstract ownInputsOf(id: string): Properties;

  check(news: Properties): Checked {
    const inputs = withFullBindings({ ...DEFAULTS, ...news });
    const failures: CheckFailure[] = [];
    const fields = new Fields(inputs, failures).only([...commonInputs, ...this.ownInputs]);
    checkBindings(fields);
    fields.choice('unlisted', ['keep', 'remove']);
    fields.choice('onDelete', ['restore', 'clear']);
    this.checkOwn(fields);
    return { inputs, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    const changes = difference(old.inputs, news);
    // To name an action as having none changes nothing if it has none.
    const { effective } = old.outputs;
    if (!isProperties(effective)) return changes;
    for (const [action, binding] of Object.entries(bindingsOf(news))) {
      const isNew = bindingsOf(old.inputs)[action] === undefined;
      const hasNone = listedKeys({ bindings: { [action]: null } }).every((key) => effective[key] === undefined);
      if (binding === null && isNew && hasNone) changes.delete(`bindings.${action}`);
    }
    return changes;
  }

  planned(inputs: Properties, old?: State): Properties {
    const previous = old?.outputs.previous ?? unknown;
    return { ...inputs, previous, effective: this.plannedMap(inputs, old) };
  }

  remarks(inputs: Properties): string[] {
    return remarksOn(inputs);
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const store = this.storeOf(inputs);
    return writing(call, store, async () => {
      const before = await mustRead(call, store);
      const previous = await withoutOwn(call, previousOf(before, inputs));
      const id = this.idOf(inputs);
      try {
        const effective = await store.reconcile(call, desiredMapOf(inputs), before);
        this.warnOfForeign(call, inputs, effective);
        return { id, outputs: outputsOf(inputs, effective, previous) };
      } catch (error) {
        // Something may have been written: what was there before must not be forgotten.
        throw new PartialFailure(id, outputsOf(inputs, before, previous), error);
      }
    });
  }

  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    const known: State = state ?? { inputs: { ...DEFAULTS, bindings: {}, ...this.ownInputsOf(id) }, outputs: {} };
    const { inputs, outputs } = known;
    const expected = state && outputs.effective !== undefined ? reveal(outputs.effective) : undefined;
    const live = await this.storeOf(inputs).read(call, expected);
    if (live === undefined) return undefined;
    const others = inputs.unlisted === 'remove' ? 'all' : state ? 'none' : 'actions';
    const bindings = bindingsIn(live, inputs, others);
    const found = { ...inputs, bindings: sealed(bindings, inputs.bindings) };
    const previous = previousIn(outputs);
    this.warnOfForeign(call, inputs, live, state);
    return { id, inputs: found, outputs: outputsOf(found, live, previous) };
  }

  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    const store = this.storeOf(inputs);
    return writing(call, store, async () => {
      const before = await mustRead(call, store);
      const previous = previousOfUpdate(old.outputs, before, old.inputs, inputs);
      const desired = desiredAfterUpdate(old.inputs, inputs, previousIn(old.outputs));
      const effective = await store.reconcile(call, desired, before);
      this.warnOfForeign(call, inputs, effective, old);
      return outputsOf(inputs, effective, previous);
    });
  }

  async delete(call: Call, { inputs, outputs }: Existing): Promise<void> {
    const store = this.storeOf(inputs);
    await writing(call, store, async () => {
      const before = await store.read(call);
      if (before === undefined) return;
      await store.reconcile(call, desiredAfterDelete(inputs, previousIn(outputs)), before);
    });
  }

  /** Tells of keys that somebody else has bound, where a rollout of the gateway loses them. @param old as it was known last */
  private warnOfForeign(call: Call, inputs: Properties, live: Json, old?: State): void {
    if (!this.isLostByRollouts || inputs.unlisted === 'remove' || !isJsonObject(live)) return;
    const listed = listedKeys(inputs);
    const foreign = (map: JsonObject) => Object.keys(map).filter((key) => !listed.includes(key));
    const known = old?.outputs.effective;
    const before = known === undefined || containsUnknown(known) ? {} : reveal(known);
    const wasListed = old ? listedKeys(old.inputs) : [];
    const gone = isJsonObject(before)
      ? foreign(before).filter((key) => !(key in live) && !wasListed.includes(key))
      : [];
    if (gone.length > 0)
      call.warn(
        `${gone.join(', ')}: bound by somebody else when last seen, and gone now, as after a rollout of the gateway: bind ` +
          'it again there where it is still wanted, or name it in the bindings',
      );
    const kept = foreign(live);
    if (kept.length > 0)
      call.warn(
        `${kept.join(', ')}: bound by somebody else and kept, but not in the environment of the gateway: its next rollout ` +
          'or restart loses it. Name it in the bindings to keep it for good',
      );
  }

  private plannedMap(inputs: Properties, old: State | undefined): Value {
    if (containsUnknown(inputs)) return unknown;
    const desired = old ? desiredAfterUpdate(old.inputs, inputs, previousIn(old.outputs)) : desiredMapOf(inputs);
    const base = old?.outputs.effective;
    if (desired.exact) return withSecrets(desired.set, inputs);
    return base === undefined || containsUnknown(base) ? unknown : withSecrets(complete(desired, reveal(base)), inputs);
  }
}

/** Takes a turn: two updates of one map at once would lose one of them. */
async function writing<T>({ services }: Call, store: MapStore, write: () => Promise<T>): Promise<T> {
  try {
    return await services.mapWriters.run(store.key, write);
  } finally {
    services.usage.forget();
  }
}

async function mustRead(call: Call, store: MapStore): Promise<Json> {
  const map = await store.read(call);
  if (map === undefined) throw store.missing();
  return map;
}

function outputsOf(inputs: Properties, effective: Json, previous: Json): Properties {
  return { ...inputs, effective: withSecrets(effective, inputs), previous: withSecrets(previous, inputs) };
}

/** Secret as a whole where the program said so. */
const sealed = (bindings: Properties, given: Value | undefined): Value =>
  given instanceof Secret ? new Secret(bindings) : bindings;
