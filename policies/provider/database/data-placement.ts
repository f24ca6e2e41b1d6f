import { type CheckFailure, Fields } from '../check/fields';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import type { Properties } from '../wire/value';
import { endangered } from './endangered';
import { checkForm, factsOf } from './facts';

/**
 * Where a database keeps its data: `aios:database:DataPlacement`. It exists in the state alone. Its check compares the facts
 * of the last update with the wanted ones, which every engine hands to it before anything that depends on it is changed.
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
    return difference(old.inputs, news);
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  create(_call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    return Promise.resolve({ id: factsOf(inputs).section, outputs: inputs });
  }

  /** Nobody but this stack knows of it. */
  read(_call: Call, id: string, state?: State): Promise<Existing | undefined> {
    return Promise.resolve(state && { id, ...state });
  }

  update(_call: Call, _old: Existing, inputs: Properties): Promise<Properties> {
    return Promise.resolve(inputs);
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}
