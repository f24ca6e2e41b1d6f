import type { Op } from '../display/events';
import { InitError } from '../providers/provider';
import { referencesOf } from '../state/references';
import type { ResourceState } from '../state/resource-state';
import { isProviderType } from '../state/urn';
import type { Deployment } from './deployment';
import type { ProviderRegistry } from './provider-registry';
import { type Run, stepInfo } from './run';
import { type Outcome, perform } from './steps';

/**
 * Deletes one resource; of a component, an external or a retained one only the state's entry.
 *
 * @param counts `nothing` for the old half of one of this run's replacements, which count once
 */
export async function deleteResource(
  run: Run,
  providers: ProviderRegistry,
  resource: ResourceState,
  op: 'delete' | 'delete-replaced',
  counts: Op | 'nothing' = op,
): Promise<void> {
  const { urn } = resource;
  const info = stepInfo(op, urn, { old: resource });
  const real = resource.custom && !resource.external && !resource.retainOnDelete && !isProviderType(resource.type);
  const pending = { type: 'deleting' as const, resource };
  await perform(run, info, pending, async () => {
    const done: Outcome = { change: { kind: 'drop', old: resource }, counts };
    if (!real || resource.provider === undefined || run.options.preview) return done;
    const provider = await providers.get(resource.provider);
    const timeout = resource.customTimeouts?.delete ?? 0;
    const { inputs, outputs, id = '' } = resource;
    try {
      await provider.delete({ ...run.callFor(urn), id, inputs, outputs, timeout });
      return done;
    } catch (error) {
      if (!(error instanceof InitError)) throw error;
      // It is on its way out: should the program want it after all, it is not as it was.
      const doomed = { ...resource, initErrors: error.reasons };
      return { change: { kind: 'put', old: resource, new: doomed }, failure: error.message };
    }
  });
}

/**
 * Deletes resources, dependents first, independent ones at the same time. Stops at the first failure.
 *
 * @param replaced those of them that this run has replaced
 */
export async function deleteAll(
  run: Run,
  providers: ProviderRegistry,
  victims: ResourceState[],
  replaced: readonly ResourceState[] = [],
): Promise<void> {
  const started = new Map<ResourceState, Promise<void>>();
  const dependents = dependentsOf(victims);
  const begin = (victim: ResourceState): Promise<void> => {
    const known = started.get(victim);
    if (known) return known;
    const op = victim.delete ? 'delete-replaced' : 'delete';
    const counts = replaced.includes(victim) ? 'nothing' : op;
    const mine = Promise.all((dependents.get(victim) ?? []).map(begin)).then(() =>
      deleteResource(run, providers, victim, op, counts),
    );
    started.set(victim, mine);
    return mine;
  };
  const results = await Promise.allSettled(victims.map(begin));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** By resource, those that cannot outlive it. */
function dependentsOf(victims: ResourceState[]): Map<ResourceState, ResourceState[]> {
  const byUrn = new Map<string, ResourceState[]>();
  for (const victim of victims) byUrn.set(victim.urn, [...(byUrn.get(victim.urn) ?? []), victim]);
  const dependents = new Map<ResourceState, ResourceState[]>();
  for (const victim of victims) {
    for (const needed of referencesOf(victim).flatMap((urn) => byUrn.get(urn) ?? [])) {
      if (needed !== victim) dependents.set(needed, [...(dependents.get(needed) ?? []), victim]);
    }
  }
  return dependents;
}

/**
 * What the program no longer has, and the old halves of replacements.
 *
 * @throws RunEnding if any of it is protected
 */
export function leftovers({ run, base, continued, deletedFirst, replaced }: Deployment): ResourceState[] {
  const gone = base.resources.filter((resource) => !continued.has(resource) && !deletedFirst.has(resource.urn));
  refuseProtected(run, gone);
  return [...gone, ...replaced];
}

/** Tells the user of every resource that is protected and was to be deleted. @throws RunEnding if there is any */
export function refuseProtected(run: Run, doomed: ResourceState[]): void {
  const message =
    'This resource is protected and cannot be deleted. Unprotect it first: set protect to false where the program or ' +
    'the stack\'s configuration sets it, run "up", and try again.';
  for (const { urn, protect } of doomed) if (protect) run.fail(message, urn);
  run.refuseIfEnding();
}
