import type { ResourceState, StackState } from '../state/resource-state';
import type { ProviderRegistry } from './provider-registry';
import type { Run } from './run';

/**
 * Settles what an interrupted run left undecided: of each operation that had begun, finds out from the provider whether it
 * took place. Afterwards the state says what exists, and the next steps start from there.
 *
 * - creating: the object exists and can be shown to be ours: it enters the state, to be updated. Otherwise it never was.
 * - updating: how far it came is unknown: the resource is marked to be updated again.
 * - deleting: gone, or still there.
 */
export async function settlePending(run: Run, providers: ProviderRegistry, base: StackState): Promise<StackState> {
  if (base.pending.length === 0) return base;
  let resources = base.resources;
  const position = (urn: string) => resources.findIndex((resource) => resource.urn === urn);
  for (const { type, resource } of base.pending) {
    const known = resources[position(resource.urn)];
    if (type === 'creating') {
      const found = await recover(run, providers, resource);
      if (!found) continue;
      // What stands there under the same URN is the old half of a replacement.
      if (known) resources = resources.with(position(known.urn), { ...known, delete: true });
      resources = [...resources, { ...found, initErrors: ['its creation was interrupted'] }];
    } else if (type === 'updating' && known) {
      resources = resources.with(position(known.urn), { ...known, initErrors: ['its update was interrupted'] });
    } else if (type === 'deleting' && known) {
      const isThere = await exists(run, providers, known);
      const doomed = { ...known, initErrors: ['its deletion was interrupted'] };
      resources = resources.toSpliced(position(known.urn), 1, ...(isThere ? [doomed] : []));
    }
  }
  return { ...base, resources, pending: [] };
}

async function recover(
  run: Run,
  providers: ProviderRegistry,
  begun: ResourceState,
): Promise<ResourceState | undefined> {
  if (!begun.custom || begun.provider === undefined) return undefined;
  const provider = await providers.get(begun.provider);
  const found = await provider.recover?.({ ...run.callFor(begun.urn), inputs: begun.inputs, noted: begun.outputs });
  return found && { ...begun, id: found.id, outputs: found.outputs };
}

async function exists(run: Run, providers: ProviderRegistry, resource: ResourceState): Promise<boolean> {
  if (!resource.custom || resource.provider === undefined) return true;
  const provider = await providers.get(resource.provider);
  const { id = '', inputs, outputs } = resource;
  return (await provider.read({ ...run.callFor(resource.urn), id, inputs, outputs })) !== undefined;
}
