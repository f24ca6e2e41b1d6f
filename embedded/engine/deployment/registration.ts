import { sameState } from '../state/same-state';
import type { ResourceState } from '../state/resource-state';
import { timestamp } from '../state/timestamp';
import { type PropertyMap, equal } from '../values/value';
import { secret } from '../values/wire';
import type { BoundProvider, Deployment } from './deployment';
import type { Goal } from './goal';

/** A resource that the program has and what the engine needs to act on it. */
export interface Registration {
  goal: Goal;
  urn: string;
  /** Inputs as the provider has checked them. */
  inputs: PropertyMap;
  bound: BoundProvider;
}

/** How far a resource has come. */
export interface Reached {
  id?: string | undefined;
  outputs: PropertyMap;
  initErrors?: string[];
  /** The state before, where the resource was there. */
  old?: ResourceState;
}

/** The state of a resource that its registration has brought about. */
export function stateOf(
  deployment: Deployment,
  { goal, urn, inputs, bound }: Omit<Registration, 'bound'> & { bound?: BoundProvider },
  { id, outputs, initErrors, old }: Reached,
): ResourceState {
  const now = timestamp();
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs,
    outputs: markSecrets(outputs, goal.additionalSecretOutputs),
    ...(id !== undefined && { id }),
    ...(goal.parent !== undefined && { parent: goal.parent }),
    ...(bound?.reference !== undefined && { provider: bound.reference }),
    ...(deployment.inherited(goal, 'protect') && { protect: true }),
    ...(deployment.inherited(goal, 'retainOnDelete') && { retainOnDelete: true }),
    ...unlessEmpty('dependencies', goal.dependencies),
    ...unlessEmpty('propertyDependencies', goal.propertyDependencies),
    ...unlessEmpty('additionalSecretOutputs', goal.additionalSecretOutputs),
    ...unlessEmpty('customTimeouts', goal.customTimeouts),
    ...unlessEmpty('ignoreChanges', goal.ignoreChanges),
    ...(initErrors && { initErrors }),
    ...(old?.rest && { rest: old.rest }),
    created: old?.created ?? now,
    modified: old?.modified ?? now,
  };
}

/** The old state itself where the new one says the same: it keeps its ciphertexts, and the state file its bytes. */
export function unlessSame(old: ResourceState, fresh: ResourceState): ResourceState {
  if (sameState(old, fresh)) return old;
  return {
    ...fresh,
    inputs: equal(old.inputs, fresh.inputs) ? old.inputs : fresh.inputs,
    outputs: equal(old.outputs, fresh.outputs) ? old.outputs : fresh.outputs,
  };
}

function unlessEmpty<Key extends string, T extends object>(key: Key, value: T): Partial<Record<Key, T>> {
  return Object.keys(value).length > 0 ? ({ [key]: value } as Record<Key, T>) : {};
}

function markSecrets(outputs: PropertyMap, names: string[]): PropertyMap {
  const marked = names.filter((name) => outputs[name] !== undefined);
  return { ...outputs, ...Object.fromEntries(marked.map((name) => [name, secret(outputs[name] ?? null)])) };
}
