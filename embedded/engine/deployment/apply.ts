import { type DiffKind, InitError } from '../providers/provider';
import type { ResourceState } from '../state/resource-state';
import type { PropertyMap } from '../values/value';
import type { Deployment } from './deployment';
import { type Registration, stateOf } from './registration';
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
  const begun = stateOf(deployment, registration, { outputs: {} });
  const info = (resource?: ResourceState) =>
    stepInfo(replacing ? 'replace' : 'create', urn, { old: replacing?.old, new: resource ?? begun }, details);
  const made = (reached: { id?: string; outputs: PropertyMap }, initErrors?: string[]): Outcome => {
    const resource = { ...stateOf(deployment, registration, reached), ...(initErrors && { initErrors }) };
    const old = replacing && !replacing.oldIsGone ? replacing.old : undefined;
    return {
      change: old ? { kind: 'replace', old, new: resource } : { kind: 'put', new: resource },
      resource,
      info: info(resource),
      ...(initErrors && { failure: initErrors.join('\n') }),
    };
  };
  const { resource } = await perform(run, info(), { type: 'creating', resource: begun }, async (handle) => {
    const noteIntent = async (outputs: PropertyMap) => {
      if (handle) await run.options.writer.updatePending(handle, { ...begun, outputs });
    };
    try {
      const { preview } = run.options;
      const timeout = goal.customTimeouts.create ?? 0;
      const replaced = replacing?.oldIsGone ? { replaced: replacing.old.outputs } : {};
      const request = { ...run.callFor(urn), ...replaced, inputs, timeout, preview, noteIntent };
      return made(await bound.provider.create(request));
    } catch (error) {
      if (error instanceof InitError) return made({ id: error.id, outputs: error.outputs }, error.reasons);
      throw error;
    }
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
  const begun = stateOf(deployment, registration, { id: old.id, outputs: old.outputs, old });
  const done = (outputs: PropertyMap, initErrors?: string[]): Outcome => {
    const resource: ResourceState = {
      ...stateOf(deployment, registration, { id: old.id, outputs, old }),
      modified: new Date().toISOString(),
      ...(initErrors && { initErrors }),
    };
    return {
      change: { kind: 'put', old, new: resource },
      resource,
      info: stepInfo('update', urn, { old, new: resource }, { detailedDiff }),
      ...(initErrors && { failure: initErrors.join('\n') }),
    };
  };
  const info = stepInfo('update', urn, { old, new: begun }, { detailedDiff });
  const { resource } = await perform(run, info, { type: 'updating', resource: begun }, async () => {
    try {
      const { outputs } = await bound.provider.update({
        ...run.callFor(urn),
        id: old.id ?? '',
        oldInputs: old.inputs,
        oldOutputs: old.outputs,
        newInputs: inputs,
        ignoreChanges: goal.ignoreChanges,
        timeout: goal.customTimeouts.update ?? 0,
        preview: run.options.preview,
      });
      return done(outputs);
    } catch (error) {
      if (error instanceof InitError) return done(error.outputs, error.reasons);
      throw error;
    }
  });
  return resource ?? begun;
}
