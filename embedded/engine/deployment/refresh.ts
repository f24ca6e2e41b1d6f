import type { Op } from '../display/events';
import type { ReadResult } from '../providers/provider';
import type { ResourceState, StackState } from '../state/resource-state';
import { isProviderType } from '../state/urn';
import { timestamp } from '../state/timestamp';
import { diff } from '../values/diff';
import { equal } from '../values/value';
import type { ProviderRegistry } from './provider-registry';
import { type Run, stepInfo } from './run';
import { perform } from './steps';

/**
 * Brings the state in line with the world: reads every resource, records what changed by other hands and drops what is
 * gone.
 *
 * @returns the state after it: nothing else changes, so the caller may write it at once or keep it to itself (a preview)
 */
export async function refresh(run: Run, providers: ProviderRegistry, base: StackState): Promise<StackState> {
  const fresh = await Promise.all(base.resources.map((resource) => refreshResource(run, providers, resource)));
  return { ...base, resources: fresh.filter((resource) => resource !== undefined) };
}

async function refreshResource(
  run: Run,
  providers: ProviderRegistry,
  old: ResourceState,
): Promise<ResourceState | undefined> {
  if (!old.custom || isProviderType(old.type) || old.provider === undefined || old.delete) {
    // Known to the engine alone.
    run.count('same');
    run.options.emit({ type: 'step-done', step: stepInfo('refresh', old.urn, { old, new: old }) });
    return old;
  }
  const provider = await providers.get(old.provider);
  const { urn, id = '', inputs, outputs } = old;
  const outcome = await perform(run, stepInfo('refresh', urn, { old, new: old }), undefined, async () => {
    const found = await provider.read({ ...run.callFor(urn), id, inputs, outputs });
    const resource = found && seen(old, found);
    const detailedDiff = resource && diff(old.inputs, resource.inputs);
    return {
      change: { kind: 'none' },
      counts: finding(old, resource),
      ...(resource && { resource }),
      info: stepInfo('refresh', urn, { old, new: resource }, { detailedDiff }),
    };
  });
  return outcome.resource;
}

function finding(old: ResourceState, resource: ResourceState | undefined): Op {
  if (!resource) return 'delete';
  return equal(old.inputs, resource.inputs) ? 'same' : 'update';
}

/** The old state itself where nothing changed, so that the state file keeps its bytes. */
function seen(old: ResourceState, { id, inputs, outputs }: ReadResult): ResourceState {
  if (equal(old.inputs, inputs) && equal(old.outputs, outputs)) return old;
  return { ...old, id, inputs, outputs, modified: timestamp() };
}
