import type { DiffKind } from '../providers/provider';
import type { ResourceState } from '../state/resource-state';
import { packageOf, parseProviderReference } from '../state/urn';
import type { PropertyMap } from '../values/value';
import type { Deployment } from './deployment';
import type { ProviderRegistry } from './provider-registry';
import type { Registration } from './registration';
import type { Run } from './run';

/** What has to be done to a resource that is in the state and in the program. */
export type Plan =
  | { kind: 'same' }
  | { kind: 'update'; detailed: Record<string, DiffKind> }
  | { kind: 'replace'; detailed: Record<string, DiffKind>; keys: string[]; deleteBeforeReplace: boolean };

/** Compares a resource of the state with the program's wish. */
export async function planChange(
  { run, providers }: Deployment,
  old: ResourceState,
  { inputs, bound: { provider, reference } }: Registration,
): Promise<Plan> {
  if (await movesToAnotherWorld(run, providers, old, reference)) {
    return { kind: 'replace', detailed: {}, keys: ['provider'], deleteBeforeReplace: false };
  }
  const { changes, detailed, replaces, deleteBeforeReplace } = await provider.diff(diffRequest(run, old, inputs));
  if (replaces.length > 0) return { kind: 'replace', detailed, keys: replaces, deleteBeforeReplace };
  // What failed or was interrupted half-way is done again, whatever the inputs say.
  const unfinished = (old.initErrors ?? []).length > 0;
  return changes || unfinished ? { kind: 'update', detailed } : { kind: 'same' };
}

/** Asks what it means for a resource of the state to have other inputs. */
export function diffRequest(run: Run, { urn, id = '', inputs, outputs }: ResourceState, newInputs: PropertyMap) {
  return { ...run.callFor(urn), id, oldInputs: inputs, oldOutputs: outputs, newInputs };
}

/** Whether the resource's provider changed to one that manages other things: another cluster, say. */
async function movesToAnotherWorld(
  run: Run,
  registry: ProviderRegistry,
  old: ResourceState,
  providerRef: string | undefined,
): Promise<boolean> {
  if (providerRef === undefined || old.provider === undefined || old.provider === providerRef) return false;
  const before = parseProviderReference(old.provider);
  const after = parseProviderReference(providerRef);
  // The same provider resource with another id was itself replaced.
  if (before.urn === after.urn) return true;
  const [oldConfig, newConfig] = [registry.inputsOf(old.provider), registry.inputsOf(providerRef)];
  if (!oldConfig || !newConfig) return true;
  const diff = await registry.asResource(packageOf(old.type)).diff({
    ...run.callFor(after.urn),
    id: after.id,
    oldInputs: oldConfig,
    oldOutputs: oldConfig,
    newInputs: newConfig,
  });
  return diff.replaces.length > 0;
}
