import { UserError } from '../../shared/errors';
import { ResourceState } from '../state/resource-state';
import { Deployment } from './deployment';
import { ReadGoal, goalWith } from './goal';
import { register, stateOf } from './register';
import { RunEnding, stepInfo } from './run';
import { messageOf, perform } from './steps';

/** Reads a resource that the program refers to but does not manage (`Resource.get`). */
export async function read(deployment: Deployment, goal: ReadGoal): Promise<ResourceState> {
  const { run } = deployment;
  const asGoal = goalWith({ ...goal, custom: true });
  run.refuseIfEnding();
  const urn = deployment.claim(asGoal);
  const old = deployment.findOld(urn, asGoal);
  try {
    const bound = await deployment.providerOf(goal, (defaultGoal) => register(deployment, defaultGoal));
    const { id, inputs } = goal;
    const { resource } = await perform(run, stepInfo('read', urn, { old, new: { inputs } }), undefined, async () => {
      const outputs = old?.external && old.id === id ? old.outputs : {};
      const found = await bound.provider.read({ ...run.callFor(urn), id, inputs, outputs });
      if (!found) throw new UserError(`resource '${id}' does not exist`);
      const registration = { goal: asGoal, urn, inputs: found.inputs, bound };
      const state = { ...stateOf(deployment, registration, { id: found.id, outputs: found.outputs }), external: true };
      return { change: { kind: 'none' }, resource: state, info: stepInfo('read', urn, { old, new: state }) };
    });
    if (!resource) throw new RunEnding(urn);
    if (!run.options.preview) run.options.writer.put(old, resource);
    deployment.news.set(urn, resource);
    return resource;
  } catch (error) {
    if (error instanceof RunEnding) throw error;
    run.fail(messageOf(error), urn);
    throw new RunEnding(messageOf(error));
  }
}
