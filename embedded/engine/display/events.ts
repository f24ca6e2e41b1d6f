import type { ResourceState } from '../state/resource-state';
import type { DiffKind } from '../providers/provider';
import type { PropertyMap } from '../values/value';

/**
 * What a run tells its display, in the order in which it happens: one `prelude`; for each step `step-start`, any number of
 * `step-status`, `step-done`; `diagnostic` and `policy` at any time; `outputs` at most once; one `summary`, last.
 *
 * Values carry their secrets marked: masking is the display's work, and nobody's else.
 */
export type DisplayEvent =
  | PreludeEvent
  | StepStartEvent
  | StepStatusEvent
  | StepDoneEvent
  | DiagnosticEvent
  | PolicyEvent
  | OutputsEvent
  | SummaryEvent;

export type Operation = 'preview' | 'update' | 'refresh' | 'destroy';

export interface PreludeEvent {
  type: 'prelude';
  /** As the user knows it (`dev`). */
  stack: string;
  project?: string;
  operation: Operation;
  /** The stack's configuration by full key (`aios-network:network`); secret values wrapped in `Secret`. */
  config: PropertyMap;
  /** Whatever else holds secrets that no message may show, such as the outputs of the state: only its secrets are looked at. */
  sensitive?: PropertyMap;
}

/** The step begins. A `same` step needs no start; its `step-done` is enough. */
interface StepStartEvent {
  type: 'step-start';
  step: StepInfo;
}

/** What the step is waiting for now; the latest message wins and it is gone when the step is done. */
interface StepStatusEvent {
  type: 'step-status';
  urn: string;
  message: string;
}

/** The step has ended; its `step` may know more than the one of `step-start` (outputs, a refresh's findings). */
export interface StepDoneEvent {
  type: 'step-done';
  step: StepInfo;
  /** The step failed; the reason comes as a `diagnostic` of the same urn. */
  failed?: boolean;
}

export type Severity = 'debug' | 'info' | 'warning' | 'error';

/** A message that stays. Without a urn it belongs to the stack. */
export interface DiagnosticEvent {
  type: 'diagnostic';
  severity: Severity;
  urn?: string;
  message: string;
}

/** A policy is violated. */
export interface PolicyEvent {
  type: 'policy';
  policy: string;
  /** What the policy's pack calls itself, and its version. */
  pack: string;
  version: string;
  /** A mandatory one fails the run. */
  level: 'advisory' | 'mandatory';
  /** Of the resource; the stack's where it is no single one. */
  urn: string;
  message: string;
  /** What the policy has seen: its message may quote it. */
  sensitive: PropertyMap;
}

/** The stack's outputs before and after the run. */
export interface OutputsEvent {
  type: 'outputs';
  old: PropertyMap;
  new: PropertyMap;
}

export interface SummaryEvent {
  type: 'summary';
  /** Number of resources by operation; a replacement counts once, as `replace`, unless an earlier run began it. */
  changes: Partial<Record<Op, number>>;
  durationMs: number;
  result: 'succeeded' | 'failed' | 'cancelled';
  /** The policy packs that were run, with the folder as the user has named it. */
  policyPacks?: readonly { name: string; version: string; path: string }[];
}

/** The engine's steps, named as in the CLI's JSON. */
export type Op = 'same' | 'create' | 'update' | 'delete' | 'replace' | 'delete-replaced' | 'refresh';

/** A resource on one side of a step: its state, or as much of it as is known. */
export type ResourceView = Pick<ResourceState, 'inputs' | 'outputs'> & Partial<ResourceState>;

export interface StepInfo {
  op: Op;
  urn: string;
  type: string;
  name: string;
  /** URN; undefined for the stack and for default providers. */
  parent?: string | undefined;
  /** Absent when the step makes the resource. */
  old?: ResourceView | undefined;
  /** Absent when the step removes the resource, or when a refresh finds it gone. */
  new?: ResourceView | undefined;
  /**
   * By property path, as `DiffResult.detailed`. Without it the display compares the inputs, which also is how it tells what a
   * refresh has found.
   */
  detailedDiff?: Record<string, DiffKind> | undefined;
  /** Why the resource is replaced. */
  replaceKeys?: string[] | undefined;
}
