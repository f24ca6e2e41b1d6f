import { isDeepStrictEqual } from 'node:util';
import { equal } from '../values/value';
import { ResourceState } from './resource-state';

/** Whether two states of a resource would be written alike, the order of dependencies and when it was modified aside. */
export function sameState(a: ResourceState, b: ResourceState): boolean {
  if (a === b) return true;
  return (
    isDeepStrictEqual(bookkeepingOf(a), bookkeepingOf(b)) && equal(a.inputs, b.inputs) && equal(a.outputs, b.outputs)
  );
}

/** Compared as property values, or (a time) not at all. */
const notBookkeeping: ReadonlySet<string> = new Set<keyof ResourceState>(['inputs', 'outputs', 'modified']);

function bookkeepingOf(resource: ResourceState): Record<string, unknown> {
  const { dependencies = [], propertyDependencies = {} } = resource;
  const written = {
    ...resource,
    dependencies: dependencies.toSorted(),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [property, urns.toSorted()]),
    ),
  };
  return Object.fromEntries(
    Object.entries(written).filter(([key, value]) => !notBookkeeping.has(key) && !isOmitted(value)),
  );
}

/** Values that the format leaves out: undefined, false, and what is empty. */
export function isOmitted(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
