import { type DiffKind, InitError } from '../providers/provider';
import type { ResourceState } from '../state/resource-state';
import { timestamp } from '../state/timestamp';
import type { PropertyMap } from '../values/value';
import type { Deployment } from './deployment';
import { type Reached, type Registration, stateOf } from './registration';
import { stepInfo } from './run';
import { type Outcome, perform } from './steps';

/** The old half of a replacement. */
export interface Replacing {
  old: ResourceState;
  detailedDiff: Record<string, DiffKind>;
  replaceKeys: string[];
  /** It has been deleted already; otherwise it stays in the state until the end of the run. */
  oldIsGone: boolean;
}

/** Creates a resource that the state does not have; or the new half of a replacement, if `replacing` is given. */
export async function create(
  deployment: Deployment,
  registration: Registration,
  replacing?: Replacing,
): Promise<ResourceState> {
  const { run } = deployment;
  const { urn, inputs, goal, bound } = registration;
  const details = replacing && { detailedDiff: replacing.detailedDiff, replaceKeys: replacing.replaceKeys };
  const info = (resource: ResourceState) =>
    stepInfo(replacing ? 'replace' : 'create', urn, { old: replacing?.old, new: resource }, details);
  const begun = stateOf(deployment, registration, { outputs: {} });
  const old = replacing && !replacing.oldIsGone ? replacing.old : undefined;
  const { resource } = await perform(run, info(begun), { type: 'creating', resource: begun }, async (handle) => {
    const noteIntent = async (outputs: PropertyMap) => {
      if (handle) await run.options.writer.updatePending(handle, { ...begun, outputs });
    };
    const { preview } = run.options;
    const timeout = goal.customTimeouts.create ?? 0;
    const replaced = replacing?.oldIsGone ? { replaced: replacing.old.outputs } : {};
    const request = { ...run.callFor(urn), ...replaced, inputs, timeout, preview, noteIntent };
    return outcomeOf(bound.provider.create(request), (reached) => {
      const made = stateOf(deployment, registration, reached);
      return {
        change: old ? { kind: 'replace', old, new: made } : { kind: 'put', new: made },
        resource: made,
        info: info(made),
      };
    });
  });
  return resource ?? begun;
}

/** Updates a resource in place. */
export async function update(
  deployment: Deployment,
  old: ResourceState,
  registration: Registration,
  detailedDiff: Record<string, DiffKind>,
): Promise<ResourceState> {
  const { run } = deployment;
  const { urn, inputs, goal, bound } = registration;
  const { id = '' } = old;
  const info = (resource: ResourceState) => stepInfo('update', urn, { old, new: resource }, { detailedDiff });
  const begun = stateOf(deployment, registration, { id: old.id, outputs: old.outputs, old });
  const { resource } = await perform(run, info(begun), { type: 'updating', resource: begun }, async () => {
    const request = {
      ...run.callFor(urn),
      id,
      oldInputs: old.inputs,
      oldOutputs: old.outputs,
      newInputs: inputs,
      ignoreChanges: goal.ignoreChanges,
      timeout: goal.customTimeouts.update ?? 0,
      preview: run.options.preview,
    };
    return outcomeOf(bound.provider.update(request), (reached) => {
      const state = stateOf(deployment, registration, { ...reached, id: old.id, old });
      const updated = { ...state, modified: timestamp() };
      return { change: { kind: 'put', old, new: updated }, resource: updated, info: info(updated) };
    });
  });
  return resource ?? begun;
}

/** What came of a provider's call; of a resource that it made or changed and that is not well, too. */
async function outcomeOf(call: Promise<Reached>, record: (reached: Reached) => Outcome): Promise<Outcome> {
  try {
    return record(await call);
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    const { id, outputs, reasons } = error;
    return { ...record({ id, outputs, initErrors: reasons }), failure: reasons.join('\n') };
  }
}
