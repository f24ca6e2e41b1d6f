import { UserError, messageOf } from '../../shared/errors';
import type { ResourceState } from '../state/resource-state';
import { isProviderType } from '../state/urn';
import { ignoreChanges } from '../values/ignore-changes';
import type { PropertyMap } from '../values/value';
import { type Replacing, create, update } from './apply';
import type { BoundProvider, Deployment } from './deployment';
import type { Goal } from './goal';
import { planChange } from './plan';
import { type Registration, stateOf, unlessSame } from './registration';
import { replace } from './replace';
import { type Run, RunEnding, stepInfo } from './run';

/**
 * Makes the world agree with one resource of the program: creates, updates, replaces or leaves it.
 *
 * @returns the resource as it is then; in previews, as it would be
 * @throws RunEnding after the user has been told what failed
 */
export async function register(deployment: Deployment, goal: Goal): Promise<ResourceState> {
  deployment.run.refuseIfEnding();
  const urn = deployment.claim(goal);
  const old = deployment.findOld(urn, goal);
  const resource = goal.custom
    ? await registerCustom(deployment, goal, urn, old)
    : registerComponent(deployment, goal, urn, old);
  deployment.news.set(urn, resource);
  return resource;
}

function registerComponent(
  deployment: Deployment,
  goal: Goal,
  urn: string,
  old: ResourceState | undefined,
): ResourceState {
  const reached = { outputs: old?.outputs ?? {}, ...(old && { old }) };
  const fresh = stateOf(deployment, { goal, urn, inputs: goal.inputs }, reached);
  // It is in the program alone: nothing has to wait for what is said of it.
  void deployment.policies.analyze(fresh, deployment.news);
  return record(deployment, old, old ? unlessSame(old, fresh) : fresh);
}

/** Puts a resource into the state that no provider has to do anything about. */
function record({ run }: Deployment, old: ResourceState | undefined, resource: ResourceState): ResourceState {
  const op = old ? 'same' : 'create';
  if (!run.options.preview) run.options.writer.put(old, resource);
  run.count(op);
  run.options.emit({ type: 'step-done', step: stepInfo(op, resource.urn, { old, new: resource }) });
  return resource;
}

/** Records the outputs of a component or of the stack, which the program has once all its children are there. */
export function registerOutputs(deployment: Deployment, urn: string, outputs: PropertyMap): void {
  const { run, news } = deployment;
  const resource = news.get(urn);
  if (!resource) throw new UserError(`outputs were registered for ${urn}, which is not a resource of this run`);
  const complete = { ...resource, outputs };
  news.set(urn, complete);
  if (!run.options.preview) run.options.writer.put(resource, complete);
}

async function registerCustom(
  deployment: Deployment,
  goal: Goal,
  urn: string,
  old: ResourceState | undefined,
): Promise<ResourceState> {
  const { run } = deployment;
  try {
    const bound = await deployment.providerOf(goal);
    // A resource that the program only read so far is not the engine's to update: it is created beside it.
    const managed = old?.external ? undefined : old;
    const wanted = managed ? ignoreChanges(goal.inputs, managed.inputs, goal.ignoreChanges) : goal.inputs;
    const checked = async (oldInputs: PropertyMap): Promise<Registration> => ({
      ...{ goal, urn, bound },
      inputs: await check(run, bound, urn, oldInputs, wanted),
    });
    // One after the other rather than all halfway: the program gets its first answers while the last still wait.
    const { registration, plan, verdict } = await run.comparisons.run(async () => {
      run.refuseIfEnding();
      const registration = await checked(managed?.inputs ?? {});
      const wish = stateOf(deployment, registration, { outputs: {} });
      const verdict = deployment.policies.analyze(wish, deployment.news);
      return { registration, verdict, plan: managed && (await planChange(deployment, managed, registration)) };
    });
    // Before anything changes; an unchanged one is known at the end to violate nothing.
    if (plan?.kind !== 'same') await verdict;
    if (!managed || !plan) return await create(deployment, registration, replacementOf(deployment, urn));
    if (plan.kind === 'same') return await leave(deployment, managed, registration);
    if (plan.kind === 'update') return await update(deployment, managed, registration, plan.detailed);
    // What the provider has made of the old inputs is made anew for the replacement.
    return await replace(deployment, managed, await checked({}), plan);
  } catch (error) {
    if (!(error instanceof RunEnding)) run.fail(messageOf(error), urn);
    throw error instanceof RunEnding ? error : new RunEnding(String(error));
  }
}

/** What was deleted ahead of its own replacement, because it could not outlive another resource's. */
function replacementOf(deployment: Deployment, urn: string): Replacing | undefined {
  const old = deployment.deletedFirst.get(urn);
  return old && { old, detailedDiff: {}, replaceKeys: [], oldIsGone: true };
}

/** An unchanged resource: only what the engine itself keeps of it (dependencies, protection) may be new. */
async function leave(deployment: Deployment, old: ResourceState, registration: Registration): Promise<ResourceState> {
  const resource = unlessSame(old, stateOf(deployment, registration, { id: old.id, outputs: old.outputs, old }));
  if (isProviderType(resource.type)) await deployment.providers.use(resource);
  return record(deployment, old, resource);
}

async function check(
  run: Run,
  { provider }: BoundProvider,
  urn: string,
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
): Promise<PropertyMap> {
  const { inputs, failures } = await provider.check({ ...run.callFor(urn), oldInputs, newInputs });
  if (failures.length === 0) return inputs;
  throw new UserError(
    failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join('\n'),
  );
}
