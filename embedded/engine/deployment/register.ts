import { UserError, messageOf } from '../../shared/errors';
import type { ResourceState } from '../state/resource-state';
import { isProviderType } from '../state/urn';
import { ignoreChanges } from '../values/ignore-changes';
import type { PropertyMap } from '../values/value';
import { type Replacing, create, update } from './apply';
import type { BoundProvider, Deployment } from './deployment';
import type { Goal } from './goal';
import { type Plan, planChange } from './plan';
import { type Registration, stateOf, unlessSame } from './registration';
import { replace } from './replace';
import { RunEnding, stepInfo } from './run';

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
  const { run } = deployment;
  const fresh = stateOf(
    deployment,
    { goal, urn, inputs: goal.inputs },
    { outputs: old?.outputs ?? {}, ...(old && { old }) },
  );
  const resource = old ? unlessSame(old, fresh) : fresh;
  if (!run.options.preview) run.options.writer.put(old, resource);
  run.count(old ? 'same' : 'create');
  run.options.emit({
    type: 'step-done',
    step: stepInfo(old ? 'same' : 'create', urn, { old, new: resource }),
  });
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
    // One after the other rather than all halfway: the program gets its first answers while the last still wait.
    const { registration, plan } = await run.comparisons.run(async () => {
      run.refuseIfEnding();
      const registration = await checked(deployment, { goal, urn, bound }, managed);
      return { registration, plan: managed && (await planChange(deployment, managed, registration)) };
    });
    if (!managed || !plan) return await create(deployment, registration, replacementOf(deployment, urn));
    return await carryOut(deployment, plan, managed, registration);
  } catch (error) {
    if (!(error instanceof RunEnding)) run.fail(messageOf(error), urn);
    throw error instanceof RunEnding ? error : new RunEnding(String(error));
  }
}

/** The registration, its inputs checked; those that the program wants ignored are the old ones. */
async function checked(
  deployment: Deployment,
  { goal, urn, bound }: Omit<Registration, 'inputs'>,
  old: ResourceState | undefined,
): Promise<Registration> {
  const wanted = old ? ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges) : goal.inputs;
  return { goal, urn, bound, inputs: await check(deployment, bound, urn, old?.inputs ?? {}, wanted) };
}

/** What was deleted ahead of its own replacement, because it could not outlive another resource's. */
function replacementOf(deployment: Deployment, urn: string): Replacing | undefined {
  const old = deployment.deletedFirst.get(urn);
  return old && { old, detailedDiff: {}, replaceKeys: [], oldIsGone: true };
}

async function carryOut(
  deployment: Deployment,
  plan: Plan,
  old: ResourceState,
  registration: Registration,
): Promise<ResourceState> {
  switch (plan.kind) {
    case 'same':
      return leave(deployment, old, registration);
    case 'update':
      return update(deployment, old, registration, plan.detailed);
    case 'replace': {
      // Names that the provider made up are made up anew for the replacement.
      const { bound, urn, goal } = registration;
      const inputs = await check(
        deployment,
        bound,
        urn,
        {},
        ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges),
      );
      return replace(deployment, old, { ...registration, inputs }, plan);
    }
  }
}

/** An unchanged resource: only what the engine itself keeps of it (dependencies, protection) may be new. */
async function leave(deployment: Deployment, old: ResourceState, registration: Registration): Promise<ResourceState> {
  const { run } = deployment;
  const { urn } = registration;
  const resource = unlessSame(old, stateOf(deployment, registration, { id: old.id, outputs: old.outputs, old }));
  if (isProviderType(resource.type)) await deployment.providers.use(resource);
  if (!run.options.preview) run.options.writer.put(old, resource);
  run.count('same');
  run.options.emit({ type: 'step-done', step: stepInfo('same', urn, { old, new: resource }) });
  return resource;
}

async function check(
  deployment: Deployment,
  { provider }: BoundProvider,
  urn: string,
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
): Promise<PropertyMap> {
  const { run } = deployment;
  const { inputs, failures } = await provider.check({ ...run.callFor(urn), oldInputs, newInputs });
  if (failures.length > 0) {
    throw new UserError(
      failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join('\n'),
    );
  }
  return inputs;
}
