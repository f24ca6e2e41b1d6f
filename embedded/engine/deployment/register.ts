import { UserError } from '../../shared/errors';
import { PropertyMap, Value, equal, Secret } from '../values/value';
import { ResourceState } from '../state/resource-state';
import { sameState } from '../state/same-state';
import { ignoreChanges } from '../values/ignore-changes';
import { Replacing, create, update } from './apply';
import { BoundProvider, Deployment } from './deployment';
import { Goal } from './goal';
import { importResource } from './import';
import { Plan, planChange } from './plan';
import { replace } from './replace';
import { RunEnding, stepInfo } from './run';
import { isProviderType } from './urn';

/** A resource that the program has and what the engine needs to act on it. */
export interface Registration {
  goal: Goal;
  urn: string;
  /** Inputs as the provider has checked them. */
  inputs: PropertyMap;
  bound: BoundProvider;
}

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
  const fresh = stateOf(deployment, { goal, urn, inputs: goal.inputs }, { outputs: old?.outputs ?? {} });
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
    const bound = await deployment.providerOf(goal, (defaultGoal) => register(deployment, defaultGoal));
    // A resource that the program only read so far is not the engine's to update: it is created beside it.
    const managed = old?.external ? undefined : old;
    const importId = goal.importId !== undefined && !isImported(managed, goal.importId) ? goal.importId : undefined;
    // One after the other rather than all halfway: the program gets its first answers while the last still wait.
    const { registration, plan } = await run.comparisons.run(async () => {
      run.refuseIfEnding();
      const registration = await checked(deployment, { goal, urn, bound }, managed);
      const isCompared = managed !== undefined && importId === undefined;
      return { registration, plan: isCompared ? await planChange(deployment, managed, registration) : undefined };
    });
    if (importId !== undefined) return await importResource(deployment, registration, importId, managed);
    if (!managed || !plan) return await create(deployment, registration, replacementOf(deployment, urn));
    return await carryOut(deployment, plan, managed, registration);
  } catch (error) {
    if (!(error instanceof RunEnding)) run.fail(error instanceof Error ? error.message : String(error), urn);
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

const isImported = (old: ResourceState | undefined, id: string) => old?.id === id || old?.importID === id;

async function check(
  deployment: Deployment,
  { provider }: BoundProvider,
  urn: string,
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
): Promise<PropertyMap> {
  const { run } = deployment;
  const { inputs, failures } = await provider.check({
    ...run.callFor(urn),
    oldInputs,
    newInputs,
    randomSeed: run.randomSeed(urn),
  });
  if (failures.length > 0) {
    throw new UserError(
      failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join('\n'),
    );
  }
  return inputs;
}

interface Reached {
  id?: string | undefined;
  outputs: PropertyMap;
  /** The state before, where the resource was there. */
  old?: ResourceState;
}

/** The state of a resource that its registration has brought about. */
export function stateOf(
  deployment: Deployment,
  { goal, urn, inputs, bound }: Omit<Registration, 'bound'> & { bound?: BoundProvider },
  { id, outputs, old }: Reached,
): ResourceState {
  const now = new Date().toISOString();
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs,
    outputs: markSecrets(outputs, goal.additionalSecretOutputs),
    ...(id !== undefined && { id }),
    ...(goal.parent !== undefined && { parent: goal.parent }),
    ...(bound?.reference !== undefined && { provider: bound.reference }),
    ...(deployment.inherited(goal, 'protect') && { protect: true }),
    ...(deployment.inherited(goal, 'retainOnDelete') && { retainOnDelete: true }),
    ...unlessEmpty('dependencies', goal.dependencies),
    ...unlessEmpty('propertyDependencies', goal.propertyDependencies),
    ...unlessEmpty('additionalSecretOutputs', goal.additionalSecretOutputs),
    ...unlessEmpty('customTimeouts', goal.customTimeouts),
    ...unlessEmpty('ignoreChanges', goal.ignoreChanges),
    ...unlessEmpty('replaceOnChanges', goal.replaceOnChanges),
    ...(old?.importID !== undefined && { importID: old.importID }),
    ...(old?.rest && { rest: old.rest }),
    created: old?.created ?? now,
    modified: old?.modified ?? now,
  };
}

function unlessEmpty<Key extends string, T extends object>(key: Key, value: T): Partial<Record<Key, T>> {
  return Object.keys(value).length > 0 ? ({ [key]: value } as Record<Key, T>) : {};
}

function markSecrets(outputs: PropertyMap, names: string[]): PropertyMap {
  const secret = (value: Value) => (value instanceof Secret ? value : new Secret(value));
  const marked = names.filter((name) => outputs[name] !== undefined);
  return { ...outputs, ...Object.fromEntries(marked.map((name) => [name, secret(outputs[name] ?? null)])) };
}

/** The old state itself where the new one says the same: it keeps its ciphertexts, and the state file its bytes. */
function unlessSame(old: ResourceState, fresh: ResourceState): ResourceState {
  if (sameState(old, fresh)) return old;
  return {
    ...fresh,
    inputs: equal(old.inputs, fresh.inputs) ? old.inputs : fresh.inputs,
    outputs: equal(old.outputs, fresh.outputs) ? old.outputs : fresh.outputs,
  };
}
