import type { CheckFailure } from './check/fields';
import type { RequestContext } from './http/service';
import type { Services } from './services/services';
import type { ChangeKind } from './wire/difference';
import type { Properties } from './wire/value';

/** A call of the engine about one resource. */
export interface Call extends RequestContext {
  /** Names the resource, in its stack. */
  urn: string;
  services: Services;
  /** Tells the user something that stays on the screen. */
  warn(message: string): void;
}

export interface Checked {
  /** With defaults put in. */
  inputs: Properties;
  failures: CheckFailure[];
}

/** What the engine's state knows of a resource. */
export interface State {
  inputs: Properties;
  outputs: Properties;
}

export interface Existing extends State {
  id: string;
}

/**
 * What the plugin does for one type of resource. What `check`, `changes` and `planned` do takes no call to any service: a preview is as fast as the
 * engine, and works while the network is down.
 */
export interface ResourceHandler {
  /** @param olds the inputs of the last update, where there was one */
  check(news: Properties, olds: Properties | undefined): Checked;
  changes(old: State, news: Properties): Map<string, ChangeKind>;
  /** Inputs whose change makes another resource of it. */
  readonly identity: readonly string[];
  /** The outputs, as far as a preview can know them. */
  planned(inputs: Properties, old?: State): Properties;
  /** Fails where a preview has to, for a reason that only a call tells: the exception to what is said above. */
  foresee?(call: Call, inputs: Properties, old?: State): Promise<void>;
  /**
   * Looks at what no input tells, at every run, changes or not: the other exception. Fails where the run must not go on.
   * @returns inputs that have to be brought about again, though they are as they were
   */
  examine?(call: Call, old: State, inputs: Properties): Promise<ReadonlyMap<string, ChangeKind>>;
  /** What a preview should say about these inputs. */
  remarks?(inputs: Properties): string[];
  create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /**
   * What there is now, with the inputs that would lead to it; undefined if it is certainly gone.
   *
   * @param state absent for an import
   */
  read(call: Call, id: string, state?: State): Promise<Existing | undefined>;
  update(call: Call, old: Existing, inputs: Properties): Promise<Properties>;
  delete(call: Call, old: Existing): Promise<void>;
}
