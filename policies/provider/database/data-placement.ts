import { ApiError, isForbidden } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import type { Properties } from '../wire/value';
import { endangersAdopted, requireAdoptable } from './adoption';
import { endangered, movedMembers, storageOf } from './endangered';
import { type PlacementFacts, checkForm, factsOf } from './facts';
import { foundPlace } from './found-place';
import { needsHosts, requireHosts } from './hosts';
import { enlarges, requireExpandable } from './growth';
import { requireGone } from './leftovers';
import { defaultStorageClass, isExpandable, readLiveData, readMemberPods } from './live-data';
import { requireCompleted, rotates } from './rotation';
import { grows, requireMajority, requireUsable, shrinks } from './scaling';
import { requireTlsStep } from './tls-step';

/**
 * Where a database keeps its data: `aios:database:DataPlacement`. It exists in the state alone. Its check compares the facts
 * of the last update with the wanted ones, which every engine hands to it before anything that depends on it is changed; what
 * it records is compared with the cluster, which knows what a state cannot.
 */
export class DataPlacement implements ResourceHandler {
  readonly identity = [];

  check(news: Properties, olds: Properties | undefined): Checked {
    const failures: CheckFailure[] = [];
    checkForm(new Fields(news, failures));
    if (failures.length === 0 && olds !== undefined) failures.push(...refusalsOf(factsOf(olds), factsOf(news)));
    return { inputs: news, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    const changes = difference(old.inputs, news);
    // Once every database's record had it.
    if (news.network === undefined) changes.delete('network');
    return changes;
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  /** A preview refuses what the update will: only where it may not look at the data, it says so and goes on. */
  async foresee(call: Call, inputs: Properties, old?: State): Promise<void> {
    try {
      await compareWithCluster(call, inputs, old);
    } catch (error) {
      if (!isForbidden(error)) throw asked(factsOf(inputs), error);
      call.warn(
        `${factsOf(inputs).section}: where its data is was not looked at, as rights are missing: ${error.message}`,
      );
    }
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    await requireInPlace(call, inputs);
    return { id: factsOf(inputs).section, outputs: inputs };
  }

  /** Nobody but this stack knows of it. */
  read(_call: Call, id: string, state?: State): Promise<Existing | undefined> {
    return Promise.resolve(state && { id, ...state });
  }

  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    await requireInPlace(call, inputs, old);
    return inputs;
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

/** What is fixed of a set that upstream installed is more, and what can be done about it something else. */
function refusalsOf(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const adopted = endangersAdopted(old, now);
  return adopted.length > 0 ? adopted : endangered(old, now);
}

function moves(old: PlacementFacts, now: PlacementFacts): boolean {
  if (storageOf(old) !== storageOf(now)) return true;
  if (now.localPath === undefined) return now.size.bytes < old.size.bytes;
  return movedMembers(old.nodes ?? [], now.nodes ?? []).length > 0;
}

/**
 * @param old absent: a first record
 * @throws UserError if the data is to move and is where it was, or if a first record has it elsewhere: of a stack that is up
 *   since before this was recorded
 * @throws ApiError if the cluster does not tell
 */
async function compareWithCluster(call: Call, inputs: Properties, old?: State): Promise<void> {
  const now = factsOf(inputs);
  if (needsHosts(now, old && factsOf(old.inputs))) await requireHosts(call, now);
  await requireAdoptable(call, now, old && factsOf(old.inputs));
  await requireTlsStep(call, now, old && factsOf(old.inputs));
  if (old) {
    await compareChange(call, factsOf(old.inputs), now);
    return;
  }
  // What there is of it is upstream's, and was looked at.
  if (now.adopted !== undefined) return;
  const client = await call.services.cluster();
  const live = await readLiveData(client, now, call.signal);
  const found = foundPlace(now, live, await defaultStorageClass(client, call.signal));
  const failures = found ? endangered(found, now) : [];
  if (failures.length > 0) throw new UserError(failures.map(({ reason }) => reason).join('\n'));
}

/** @throws UserError for a change that the cluster, as it is now, could not follow */
async function compareChange({ services, signal }: Call, before: PlacementFacts, now: PlacementFacts): Promise<void> {
  const changes = { moves: moves(before, now), grows: grows(before, now), enlarges: enlarges(before, now) };
  if (Object.values(changes).includes(true)) {
    const client = await services.cluster();
    const live = await readLiveData(client, before, signal);
    if (changes.moves) requireGone(before, now, live);
    if (changes.grows) requireUsable(before, now, live);
    if (changes.enlarges) {
      const classes = [...new Set(live.claims.map(({ storageClass }) => storageClass))];
      const expandable = classes.map(async (name) => [name, await isExpandable(client, name, signal)] as const);
      requireExpandable(before, now, live.claims, new Map(await Promise.all(expandable)));
    }
  }
  if (rotates(before, now)) await requireCompleted(await services.cluster(), before, signal);
  if (shrinks(before, now))
    requireMajority(before, now, await readMemberPods(await services.cluster(), before, signal));
}

/** {@link compareWithCluster}, which an update cannot do without. */
async function requireInPlace(call: Call, inputs: Properties, old?: State): Promise<void> {
  await compareWithCluster(call, inputs, old).catch((error: unknown) => {
    throw asked(factsOf(inputs), error);
  });
}

/** What it means that the cluster did not tell. */
function asked({ section }: PlacementFacts, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return new UserError(
    `${section}: where its data is has to be looked at before anything is changed, and the API server answers ` +
      `${error.code}: ${error.message}`,
  );
}
