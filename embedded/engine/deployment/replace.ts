import { UserError } from '../../shared/errors';
import type { ResourceState } from '../state/resource-state';
import { type PropertyMap, unknown } from '../values/value';
import { create } from './apply';
import { deleteResource } from './delete';
import type { Deployment } from './deployment';
import { type Plan, diffRequest } from './plan';
import type { Registration } from './registration';

/**
 * Replaces a resource: creates the new one and leaves the old to be deleted at the end of the run; or, where both cannot
 * exist at once, deletes the old one first, and ahead of it whatever cannot live without it.
 */
export async function replace(
  deployment: Deployment,
  old: ResourceState,
  registration: Registration,
  plan: Extract<Plan, { kind: 'replace' }>,
): Promise<ResourceState> {
  refuseIfProtected(old);
  const replacing = { old, detailedDiff: plan.detailed, replaceKeys: plan.keys, oldIsGone: plan.deleteBeforeReplace };
  if (!plan.deleteBeforeReplace) {
    deployment.replaced.push({ ...old, delete: true });
    return create(deployment, registration, replacing);
  }
  const doomed = [...(await dependentsToReplace(deployment, old)), old];
  doomed.forEach(refuseIfProtected);
  for (const resource of doomed) deployment.deletedFirst.set(resource.urn, resource);
  const { run, providers } = deployment;
  for (const resource of doomed) await deleteResource(run, providers, resource, 'delete-replaced', 'nothing');
  return create(deployment, registration, replacing);
}

function refuseIfProtected(resource: ResourceState): void {
  if (!resource.protect) return;
  throw new UserError(
    `unable to replace resource "${resource.urn}" as it is currently marked for protection. ` +
      'To unprotect it, set protect to false in the program (or the stack\'s configuration) and run "up" first.',
  );
}

/**
 * Resources of the state that would have to be replaced once `root` is: those whose provider, asked what an unknown
 * value in place of everything that came from `root` would mean, answers with a replacement. Dependents stand before
 * what they depend on.
 */
async function dependentsToReplace(deployment: Deployment, root: ResourceState): Promise<ResourceState[]> {
  const doomed = new Set([root.urn]);
  const found: ResourceState[] = [];
  for (const candidate of deployment.olds.values()) {
    const affected = affectedProperties(candidate, doomed);
    if (affected.length === 0 || !candidate.custom || candidate.external || doomed.has(candidate.urn)) continue;
    if (!(await wouldReplace(deployment, candidate, affected))) continue;
    doomed.add(candidate.urn);
    found.unshift(candidate);
  }
  return found;
}

function affectedProperties(candidate: ResourceState, doomed: Set<string>): string[] {
  return Object.entries(candidate.propertyDependencies ?? {})
    .filter(([, urns]) => urns.some((urn) => doomed.has(urn)))
    .map(([property]) => property);
}

async function wouldReplace(deployment: Deployment, candidate: ResourceState, affected: string[]): Promise<boolean> {
  if (candidate.provider === undefined) return false;
  const provider = await deployment.providers.get(candidate.provider);
  const unknowns = Object.fromEntries(affected.map((property) => [property, unknown]));
  const newInputs: PropertyMap = { ...candidate.inputs, ...unknowns };
  const diff = await provider.diff(diffRequest(deployment.run, candidate, newInputs));
  return diff.replaces.length > 0;
}
