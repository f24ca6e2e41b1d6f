import { UserError } from '../../shared/errors';
import { ResourceState } from '../state/resource-state';
import { Deployment } from './deployment';
import { Registration, stateOf } from './register';
import { stepInfo } from './run';
import { perform } from './steps';

/**
 * Takes an existing object under management (resource option `import`). Its present state has to be what the program says:
 * an import that changes anything would be an update that nobody has seen as a diff.
 */
export async function importResource(
  deployment: Deployment,
  registration: Registration,
  id: string,
  old: ResourceState | undefined,
): Promise<ResourceState> {
  const { run } = deployment;
  const { urn, inputs, bound } = registration;
  if (old) {
    throw new UserError(
      `cannot import "${id}": the resource is already managed, as "${old.id ?? ''}". Remove the import option, or the resource from the state.`,
    );
  }
  const info = stepInfo('import', urn, { new: { inputs } });
  const begun = stateOf(deployment, registration, { id, outputs: {} });
  const { resource } = await perform(run, info, { type: 'importing', resource: begun }, async () => {
    const found = await bound.provider.read({ ...run.callFor(urn), id, inputs: {}, outputs: {} });
    if (!found) throw new UserError(`cannot import "${id}": there is no such object.`);
    const difference = await bound.provider.diff({
      ...run.callFor(urn),
      id,
      oldInputs: found.inputs,
      oldOutputs: found.outputs,
      newInputs: inputs,
      ignoreChanges: registration.goal.ignoreChanges,
    });
    if (difference.changes) {
      throw new UserError(
        `inputs to import do not match the existing resource "${id}"; they differ in ` +
          `${Object.keys(difference.detailed).join(', ')}. Make the program say what exists, import, then change it.`,
      );
    }
    const imported = { ...stateOf(deployment, registration, found), importID: id };
    return {
      change: { kind: 'put', new: imported },
      resource: imported,
      info: stepInfo('import', urn, { new: imported }),
    };
  });
  return resource ?? begun;
}
