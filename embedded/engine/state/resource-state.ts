import type { PropertyMap } from '../values/value';

/** One resource of a state: `deployment.resources[i]` of Pulumi's deployment format v3, decoded. */
export interface ResourceState {
  urn: string;
  /** Of a custom resource; a component has none. */
  custom: boolean;
  id?: string;
  type: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  /** A URN, or undefined for the stack itself and for default providers. */
  parent?: string;
  protect?: boolean;
  /** Read by a program that the CLI ran (`get`), not managed by it. */
  external?: boolean;
  dependencies?: string[];
  /** `urn::id` of the provider resource. */
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  /** The old half of a replacement, still to be deleted. */
  delete?: boolean;
  /**
   * Deleted ahead of its replacement by a run of the CLI that then stopped: it no longer exists. Never seen in a state that
   * was loaded for a run, only in exports and imports.
   */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  /** Seconds. */
  customTimeouts?: { create?: number; update?: number; delete?: number };
  retainOnDelete?: boolean;
  initErrors?: string[];
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  created?: string;
  modified?: string;
  /** Keys of the format that this engine does not interpret: written back as they were read. */
  rest?: Record<string, unknown>;
}

export type OperationKind = 'creating' | 'updating' | 'deleting' | 'reading' | 'importing';

/** A step that had begun when the state was written: `deployment.pending_operations[i]`. */
export interface PendingOperation {
  type: OperationKind;
  resource: ResourceState;
}

/** A stack's whole state, decoded: what `state/codec.ts` reads from and writes to a deployment file. */
export interface StackState {
  /** In dependency order: a resource stands after everything it needs. */
  resources: ResourceState[];
  pending: PendingOperation[];
  /** `deployment.metadata` and other keys that are only kept. */
  metadata: Record<string, unknown>;
}
