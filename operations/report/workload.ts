import type { Properties, Step } from './plan';

/** Only what is in the template reaches a pod. */
export const restartsPods = ({ changes }: Step) => changes.some(({ path }) => path.startsWith('spec.template'));

/** Whether the change is one of how many pods there are. */
export function replicas({ before, after }: Step): { before: number; after: number } {
  const of = (side: Properties | undefined) => Number(at(side, 'spec', 'replicas') ?? 1);
  return { before: of(before), after: of(after ?? before) };
}

/** What is at a place inside a value; undefined where the way ends before. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined | null)?.[key], value);
}
