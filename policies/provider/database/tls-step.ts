import { at, isJsonMap, type Json, listAt, textAt } from '../../../kubernetes-api';
import { UserError } from '../errors';
import type { Call } from '../resource-handler';
import type { PlacementFacts } from './facts';
import { areNeighbours, stepOf, TLS_STEPS, type TlsStep } from './tls';

/** mongod's names of the steps. */
const MODES: Readonly<Record<string, TlsStep>> = { allowTLS: 'allow', preferTLS: 'prefer', requireTLS: 'require' };

/**
 * Looks at the running pods before a database goes a step to TLS, or back: what the record says may not have reached all of them.
 *
 * @param old absent: a first record, which is no way around the steps
 * @throws UserError if a member would not understand the others, or a client would be shut out
 * @throws ApiError if the cluster does not tell
 */
export async function requireTlsStep(call: Call, now: PlacementFacts, old?: PlacementFacts): Promise<void> {
  if (stepOf(old ?? now) === stepOf(now) && (old !== undefined || now.tls === undefined)) return;
  const path = `/api/v1/namespaces/${now.namespace}/pods`;
  const client = await call.services.cluster();
  const { body } = await client.request({ method: 'GET', path, repeatable: true, signal: call.signal });
  const problems = problemsOf(now, listAt(body, 'items').filter(isRunning));
  if (problems.length === 0) return;
  const step = old === undefined ? 'the step that they are at' : stepOf(old);
  throw new UserError(
    `${now.section}.tls is to be at "${stepOf(now)}": ${problems.join('; ')}. Nothing was changed. Set ${now.section}.tls back to ` +
      `${step}, run up until it ends well, and then go on.`,
  );
}

/** What of the pods in the database's namespace is in the way of a step. */
function problemsOf(now: PlacementFacts, pods: readonly Json[]): string[] {
  const wanted = stepOf(now);
  const isMember = new RegExp(`^${now.statefulSet}-\\d+(-|$)`);
  const members = pods.filter((pod) => isMember.test(nameOf(pod)) && memberStep(pod) !== undefined);
  const far = members.filter((pod) => !areNeighbours(memberStep(pod) ?? wanted, wanted));
  const shutOut = pods.filter((pod) => connectionsOf(now, pod).some((kind) => kind === SHUT_OUT[wanted]));
  return [
    ...far.map((pod) => `${nameOf(pod)} is at "${memberStep(pod) ?? ''}"`),
    ...shutOut.map((pod) => `${nameOf(pod)} still connects ${SHUT_OUT[wanted] ?? ''}`),
  ];
}

/** Whom the members do not let in any more. */
const SHUT_OUT: Readonly<Partial<Record<TlsStep, string>>> = {
  require: 'in plain text',
  [TLS_STEPS[0]]: 'over TLS',
};

/** What the member's mongod was started with; undefined where the pod has no mongod. */
function memberStep(pod: Json): TlsStep | undefined {
  const mongod = listAt(pod, 'spec', 'containers').find((one) => [...listAt(one, 'command')][0] === 'mongod');
  if (mongod === undefined) return undefined;
  const args = listAt(mongod, 'args');
  const mode = args[args.indexOf('--tlsMode') + 1];
  if (!args.includes('--tlsMode') || typeof mode !== 'string') return 'plain text';
  return MODES[mode] ?? 'plain text';
}

/** How a pod's variables have it connect to the database. Strings without credentials are copied, and let nobody in. */
function connectionsOf({ statefulSet }: PlacementFacts, pod: Json): string[] {
  const isOurs = new RegExp(`^mongodb://${statefulSet}-\\d`);
  return listAt(pod, 'spec', 'containers')
    .flatMap((container) => listAt(container, 'env'))
    .flatMap((variable) => {
      const value = textAt(variable, 'value');
      if (isOurs.test(value)) return [wayOf(value.includes('tls=true'))];
      const reference = at(variable, 'valueFrom', 'secretKeyRef');
      const key = textAt(reference, 'key');
      if (!isJsonMap(reference) || reference.name !== `${statefulSet}-connection` || key.endsWith('-public')) return [];
      return [wayOf(key.endsWith('-tls'))];
    });
}

const wayOf = (isTls: boolean) => (isTls ? 'over TLS' : 'in plain text');
const nameOf = (pod: Json) => textAt(pod, 'metadata', 'name');
const isRunning = (pod: Json) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
