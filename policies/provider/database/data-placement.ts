import { ApiError } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import type { Properties } from '../wire/value';
import { endangered, movedMembers, storageOf } from './endangered';
import { type PlacementFacts, checkForm, factsOf } from './facts';
import { foundPlace } from './found-place';
import { requireGone } from './leftovers';
import { defaultStorageClass, readLiveData } from './live-data';

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
    if (failures.length === 0 && olds !== undefined) failures.push(...endangered(factsOf(olds), factsOf(news)));
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

  /** @throws UserError if the cluster has the data elsewhere: of a stack that is up since before this was recorded */
  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const facts = factsOf(inputs);
    await asking(facts, async () => {
      const client = await call.services.cluster();
      const live = await readLiveData(client, facts, call.signal);
      const found = foundPlace(facts, live, await defaultStorageClass(client, call.signal));
      const failures = found ? endangered(found, facts) : [];
      if (failures.length > 0) throw new UserError(failures.map(({ reason }) => reason).join('\n'));
    });
    return { id: facts.section, outputs: inputs };
  }

  /** Nobody but this stack knows of it. */
  read(_call: Call, id: string, state?: State): Promise<Existing | undefined> {
    return Promise.resolve(state && { id, ...state });
  }

  /** @throws UserError if the data is to move, and is where it was */
  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    const [before, now] = [factsOf(old.inputs), factsOf(inputs)];
    if (moves(before, now)) {
      await asking(now, async () =>
        requireGone(before, now, await readLiveData(await call.services.cluster(), before, call.signal)),
      );
    }
    return inputs;
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

function moves(old: PlacementFacts, now: PlacementFacts): boolean {
  if (storageOf(old) !== storageOf(now)) return true;
  if (now.localPath === undefined) return now.size.bytes < old.size.bytes;
  return movedMembers(old.nodes ?? [], now.nodes ?? []).length > 0;
}

async function asking(facts: PlacementFacts, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(
      `${facts.section}: where its data is has to be looked at before anything is changed, and the API server answers ` +
        `${error.code}: ${error.message}`,
    );
  }
}
