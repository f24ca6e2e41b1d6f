import { type Json, at, isJsonMap, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import type { CheckFailure } from '../check/fields';
import { UserError } from '../errors';
import type { Call } from '../resource-handler';
import { storageOf } from './endangered';
import type { PlacementFacts } from './facts';
import { isOneStep } from './steps';

/** From upstream's databases, which ask nobody, to those that ask everybody. */
const STEPS = ['none', 'transition', 'enforced'];

/** What must not change of a set that upstream installed, and how far one update may go. */
export function endangersAdopted(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  if ((old.adopted === undefined) !== (now.adopted === undefined)) return [otherOrigin(now)];
  if (old.adopted === undefined || now.adopted === undefined) return [];
  const [before, after] = [old.adopted.authentication, now.adopted.authentication];
  return [...(isOneStep(STEPS, before, after) ? [] : [skippedStep(now, before, after)]), ...otherMembers(old, now)];
}

function otherOrigin(now: PlacementFacts): CheckFailure {
  const [is, was] = now.adopted === undefined ? [false, true] : [true, false];
  const reason =
    `cluster.adopt is ${is} and was ${was}: the members of ${now.section} would be made anew under other names, without the ` +
    'data. Set it back: it says who installed the network, and stays as it is for as long as the stack does.';
  return { property: 'adopted', reason };
}

function skippedStep({ section }: PlacementFacts, before: string, after: string): CheckFailure {
  const reason =
    `${section}.authentication is ${after} and was ${before}: members restart one after the other, and those that ask for ` +
    'passwords would not talk to those that know none. Set transition, run up, and then go on.';
  return { property: 'adopted', reason };
}

/** Each member is a Deployment with a volume of its own, which nobody else has the data of. */
function otherMembers(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const changed = [
    ...(old.replicas === now.replicas ? [] : [`replicas is ${now.replicas} and was ${old.replicas}`]),
    ...(storageOf(old) === storageOf(now) ? [] : [`storage is ${storageOf(now)} and was ${storageOf(old)}`]),
    ...(sameList(members(old), members(now))
      ? []
      : [`nodes has the members on ${members(now).join(', ')} and had them on ${members(old).join(', ')}`]),
  ];
  return changed.map((change) => ({
    property: 'adopted',
    reason:
      `${now.section}.${change}: the members of an adopted set stay where and as many as they are. Set it back; to move or to ` +
      'scale the database, restore a backup into a stack of its own (docs/adopt.md).',
  }));
}

const members = ({ nodes = [], replicas }: PlacementFacts) => nodes.slice(0, replicas);
const sameList = (one: readonly string[], other: readonly string[]) => one.join() === other.join();

/**
 * Looks at upstream's Deployments before anything of them is changed.
 *
 * @param old absent: they are taken over by this update
 * @throws UserError if they have not been handed over, or have not all come to the end of the step before
 * @throws ApiError if the cluster does not tell
 */
export async function requireAdoptable(call: Call, now: PlacementFacts, old?: PlacementFacts): Promise<void> {
  const before = old?.adopted?.authentication;
  if (now.adopted === undefined || before === now.adopted.authentication) return;
  const path = `/apis/apps/v1/namespaces/${now.namespace}/deployments`;
  const client = await call.services.cluster();
  const { body } = await client.request({ method: 'GET', path, repeatable: true, signal: call.signal });
  const deployments = listAt(body, 'items');
  if (before === undefined) requireHandedOver(now, deployments);
  else requireStepDone(now, before, deployments);
}

function requireHandedOver(now: PlacementFacts, deployments: readonly Json[]): void {
  const missing = memberNames(now).filter((name) => {
    const managers = listAt(named(deployments, name), 'metadata', 'managedFields').map((one) => textAt(one, 'manager'));
    return !managers.includes(now.adopted?.manager ?? '');
  });
  if (missing.length === 0) {
    requireNear(now, deployments);
    return;
  }
  throw new UserError(
    `${now.section}: cluster.adopt is true, and Deployment ${missing.join(', ')} in ${now.namespace} is not there, or not handed ` +
      'over. Nothing was changed. Run make adopt first: it says what the cluster has of upstream, and hands it over.',
  );
}

/** @param before the step that is to be done */
function requireStepDone(now: PlacementFacts, before: string, deployments: readonly Json[]): void {
  const behind = memberNames(now).filter((name) => !isAt(before, named(deployments, name)));
  const open = now.adopted?.authentication === 'enforced' ? deployments.filter(connectsOpenly(now)).map(nameOf) : [];
  const problems = [
    ...(behind.length === 0 ? [] : [`${behind.join(', ')} has not come to the end of "${before}"`]),
    ...(open.length === 0 ? [] : [`${open.join(', ')} still connects without a password`]),
  ];
  if (problems.length === 0) return;
  const { section, adopted } = now;
  throw new UserError(
    `${section}.authentication is ${adopted?.authentication ?? ''} and was ${before}: ${problems.join('; ')}. Nothing was changed. ` +
      `Set ${before}, run up until it ends well, and then go on.`,
  );
}

/** A first record, of a state that was lost as well, is no way around the steps. */
function requireNear({ adopted, ...now }: PlacementFacts, deployments: readonly Json[]): void {
  const wanted = adopted?.authentication ?? '';
  const far = memberNames(now).filter((name) => !isOneStep(STEPS, stepOf(named(deployments, name)), wanted));
  if (far.length === 0) return;
  const is = stepOf(named(deployments, far[0] ?? ''));
  throw new UserError(
    `${now.section}.authentication is ${wanted}, and ${far.join(', ')} is at "${is}": nothing was changed. Set ${is}, and run up; ` +
      'from there it goes one step an update.',
  );
}

/** Whether the Deployment runs one pod that is ready, of the step. */
function isAt(step: string, deployment: Json | undefined): boolean {
  const { readyReplicas, updatedReplicas, observedGeneration } = mapAt(deployment, 'status');
  const isRolledOut = observedGeneration === numberAt(deployment, 'metadata', 'generation');
  return stepOf(deployment) === step && isRolledOut && readyReplicas === 1 && updatedReplicas === 1;
}

/** What its mongod is started with. */
function stepOf(deployment: Json | undefined): string {
  const containers = listAt(deployment, 'spec', 'template', 'spec', 'containers');
  const args = containers.flatMap((container) => listAt(container, 'args'));
  if (args.includes('--transitionToAuth')) return 'transition';
  return args.includes('--keyFile') ? 'enforced' : 'none';
}

/** Whether a pod's variables name a member, or a connection string, without a password. */
function connectsOpenly({ statefulSet }: PlacementFacts): (deployment: Json) => boolean {
  const plain = new RegExp(`^mongodb://${statefulSet}-\\d`);
  const isOpen = (variable: Json) => {
    const reference = at(variable, 'valueFrom', 'secretKeyRef');
    const isOurs = isJsonMap(reference) && reference.name === `${statefulSet}-connection`;
    return plain.test(textAt(variable, 'value')) || (isOurs && textAt(reference, 'key').startsWith('open-'));
  };
  return (deployment) =>
    listAt(deployment, 'spec', 'template', 'spec', 'containers').some((one) => listAt(one, 'env').some(isOpen));
}

const memberNames = ({ statefulSet, replicas = 0 }: PlacementFacts) =>
  Array.from({ length: replicas }, (_, ordinal) => `${statefulSet}-${ordinal}`);
const nameOf = (object: Json) => textAt(object, 'metadata', 'name');
const named = (objects: readonly Json[], name: string) => objects.find((object) => nameOf(object) === name);
