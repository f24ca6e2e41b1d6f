import { isDeepStrictEqual } from 'node:util';
import { equal } from '../values/value';
import type { ResourceState } from './resource-state';

/** Whether two states of a resource would be written alike, the order of dependencies and when it was modified aside. */
export function sameState(a: ResourceState, b: ResourceState): boolean {
  if (a === b) return true;
  return sameBookkeeping(a, b) && equal(a.inputs, b.inputs) && equal(a.outputs, b.outputs);
}

/** Compared as property values, or (a time) not at all. */
const notBookkeeping: ReadonlySet<string> = new Set<keyof ResourceState>(['inputs', 'outputs', 'modified']);

// Runs for every resource of every run, so it copies nothing.
function sameBookkeeping(a: ResourceState, b: ResourceState): boolean {
  const same = (key: string) => notBookkeeping.has(key) || sameField(key as keyof ResourceState, a, b);
  return Object.keys(a).every(same) && Object.keys(b).every((key) => key in a || same(key));
}

function sameField(key: keyof ResourceState, a: ResourceState, b: ResourceState): boolean {
  if (a[key] === b[key] || (isOmitted(a[key]) && isOmitted(b[key]))) return true;
  if (key === 'dependencies') return sameUrns(a[key], b[key]);
  if (key === 'propertyDependencies') return sameProperties(a[key], b[key]);
  return isDeepStrictEqual(a[key], b[key]);
}

function sameProperties(a: Record<string, string[]> = {}, b: Record<string, string[]> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && sameUrns(a[name], b[name]));
}

function sameUrns(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return isDeepStrictEqual(a, b) || isDeepStrictEqual(a.toSorted(), b.toSorted());
}

/** Values that the format leaves out: undefined, false, and what is empty. */
export function isOmitted(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
