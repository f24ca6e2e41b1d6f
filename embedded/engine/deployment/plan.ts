import type { DiffKind, DiffResult } from '../providers/provider';
import type { ResourceState } from '../state/resource-state';
import { packageOf, parseProviderReference } from '../state/urn';
import { containsPath, parsePath } from '../values/paths';
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
  { goal, inputs, bound: { provider, reference } }: Registration,
): Promise<Plan> {
  if (await movesToAnotherWorld(run, providers, old, reference)) {
    return {
      kind: 'replace',
      detailed: {},
      keys: ['provider'],
      deleteBeforeReplace: goal.deleteBeforeReplace ?? false,
    };
  }
  const diff = await provider.diff({
    ...run.callFor(old.urn),
    id: old.id ?? '',
    oldInputs: old.inputs,
    oldOutputs: old.outputs,
    newInputs: inputs,
    ignoreChanges: goal.ignoreChanges,
  });
  const keys = [...diff.replaces, ...forcedReplacements(diff, goal.replaceOnChanges)];
  if (keys.length > 0) {
    const deleteBeforeReplace = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    return { kind: 'replace', detailed: diff.detailed, keys, deleteBeforeReplace };
  }
  // What failed or was interrupted half-way is done again, whatever the inputs say.
  const unfinished = (old.initErrors ?? []).length > 0;
  return diff.changes || unfinished ? { kind: 'update', detailed: diff.detailed } : { kind: 'same' };
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
    ignoreChanges: [],
  });
  return diff.replaces.length > 0;
}

/** The changed paths that the program's `replaceOnChanges` covers. */
function forcedReplacements(diff: DiffResult, replaceOnChanges: string[]): string[] {
  if (!diff.changes) return [];
  const patterns = replaceOnChanges.map(parsePath);
  return Object.keys(diff.detailed).filter((path) =>
    patterns.some((pattern) => containsPath(pattern, parsePath(path))),
  );
}
