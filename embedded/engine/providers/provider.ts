import type { PropertyMap } from '../values/value';

/**
 * What a provider does for the engine: Pulumi's ResourceProvider service (pulumirpc/provider.proto) with plain
 * promises. The kubernetes and random providers implement it in this process; PluginProvider forwards it to a plugin
 * over gRPC.
 *
 * Inputs reach a provider with their secrets marked (`Secret`); in previews they may hold `unknown`.
 */
export interface Provider {
  /** Begins whatever takes a while before the first call, such as starting a plugin's process. Fails in that call, if at all. */
  warmUp?(): void;
  /** Validates the provider's own configuration (the inputs of a `pulumi:providers:x` resource). */
  checkConfig(request: CheckRequest): Promise<CheckResult>;
  /** Whether a changed configuration needs an update of the provider, or a replacement with all its resources. */
  diffConfig(request: DiffRequest): Promise<DiffResult>;
  /** Called once, before any of the calls below, with checked inputs. */
  configure(inputs: PropertyMap): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  /** With `preview`, computes the outputs as far as they can be known and changes nothing. */
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<UpdateResult>;
  /** @throws InitError for a deletion that has been asked for and is not done */
  delete(request: DeleteRequest): Promise<void>;
  /**
   * Finds out whether a create that was interrupted (kill -9) took place: resolves to what it made, if the provider can prove
   * that it was that create which made it. A provider without this method has creates that leave nothing behind.
   */
  recover?(request: RecoverRequest): Promise<CreateResult | undefined>;
  /** Frees what the provider holds: connections, a plugin's process. */
  close(): Promise<void>;
}

/** What every call about one resource carries. */
export interface ResourceCall {
  urn: string;
  type: string;
  name: string;
  /** Aborted by Ctrl-C: running calls stop waiting and reject with what has been reached. */
  signal: AbortSignal;
  /** Shows the user what the call is waiting for; the latest message wins. */
  status(message: string): void;
  /** Tells the user something that stays on the screen. */
  warn(message: string): void;
}

export interface CheckRequest extends ResourceCall {
  oldInputs: PropertyMap;
  newInputs: PropertyMap;
}

export interface CheckResult {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export interface DiffRequest extends ResourceCall {
  id: string;
  /** The inputs of the last update, as the state has them. */
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
}

export type DiffKind = 'add' | 'delete' | 'update' | 'add-replace' | 'delete-replace' | 'update-replace';

export interface DiffResult {
  changes: boolean;
  /** Top-level properties or paths that force a replacement; empty: an update is enough. */
  replaces: string[];
  /** The replacement can only be created once the old resource is gone (a fixed name, say). */
  deleteBeforeReplace: boolean;
  /** By property path (`spec.template.spec.containers[0].image`). */
  detailed: Record<string, DiffKind>;
}

export interface CreateRequest extends ResourceCall {
  inputs: PropertyMap;
  /** Outputs of the resource that this one takes the place of, which is gone by then (in a preview: will be). */
  replaced?: PropertyMap;
  /** Seconds; 0: the provider's default. */
  timeout: number;
  preview: boolean;
  /**
   * Has the engine write `outputs` to the state before the provider touches anything; resolves when they are safe. What is
   * noted comes back in `recover`, should this process die before the create is done.
   */
  noteIntent(outputs: PropertyMap): Promise<void>;
}

export interface RecoverRequest extends ResourceCall {
  inputs: PropertyMap;
  /** What the interrupted create handed to `noteIntent`. */
  noted: PropertyMap;
}

export interface CreateResult {
  id: string;
  outputs: PropertyMap;
}

/** A resource as the state has it. */
interface Known {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface ReadRequest extends ResourceCall, Known {}

/** `inputs` are what they would have to be for the object as it is now: drift shows as a difference to the state's. */
export type ReadResult = Known;

export interface UpdateRequest extends DiffRequest {
  /** Paths of keys whose changes the program wants ignored: the engine has reset them in `newInputs`. */
  ignoreChanges: string[];
  timeout: number;
  preview: boolean;
}

export interface UpdateResult {
  outputs: PropertyMap;
}

export interface DeleteRequest extends ResourceCall, Known {
  timeout: number;
}

/**
 * A step that changed the world and then failed: the object exists but did not become ready, or is not gone yet. The engine
 * records it with `reasons` as the state's initErrors, and the next run updates it.
 */
export class InitError extends Error {
  constructor(
    readonly id: string,
    readonly outputs: PropertyMap,
    readonly reasons: string[],
  ) {
    super(reasons.join('; '));
    this.name = 'InitError';
  }
}
