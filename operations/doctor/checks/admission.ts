import { type ApiError, type Json, type JsonMap, listAt, mapAt } from '../../../kubernetes-api';
import { type StackObject, describeObject } from '../../stack-objects/objects';
import { type Cluster, collectionPath } from '../../cluster/cluster';
import { groupBy } from '../../group-by';
import { type Finding, findingsOf, someOf } from '../finding';
import { type Subject, workloadsOf } from '../../stack-objects/subject';
import type { Check } from '../check';
import { running } from './running';

const { ok, problem, warning } = findingsOf('admission');

/** Where something is tried whose own namespace is still to be made. */
const ELSEWHERE = 'default';

/** What refers to an object that a dry run has not made. */
const UNTRIED = ['RoleBinding'];

/** The objects that are tried: of each kind one in each namespace, and the pods of workloads that do not run yet. */
async function trials(subject: Subject, cluster: Cluster): Promise<StackObject[]> {
  const others = subject.objects.filter(({ kind }) => !UNTRIED.includes(kind));
  const oneEach = new Map(others.toReversed().map((object) => [`${object.namespace ?? ''}/${object.kind}`, object]));
  // A quota that is used up by the pods that run would refuse each of them a second time.
  const workloads = workloadsOf(subject);
  const up = await running(cluster, workloads);
  const jobs = subject.objects.filter(({ kind }) => kind === 'CronJob');
  return [...oneEach.values(), ...[...workloads.filter((workload) => !up.includes(workload)), ...jobs].map(podOf)];
}

/** A pod as its workload, or its schedule, would make it, with nothing that has to be there before. */
export function podOf({ kind, name, namespace, content }: StackObject): StackObject {
  const path = kind === 'CronJob' ? ['jobTemplate', 'spec', 'template'] : ['template'];
  const template = mapAt(content, 'spec', ...path);
  const spec = Object.fromEntries(
    Object.entries(mapAt(template, 'spec')).filter(([key]) => key !== 'serviceAccountName'),
  );
  const claims = listAt(content, 'spec', 'volumeClaimTemplates').map((claim) => ({
    name: mapAt(claim, 'metadata').name ?? '',
    emptyDir: {},
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    name: `${name}-pod`,
    ...(namespace !== undefined && { namespace }),
    content: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...mapAt(template, 'metadata'), name: `${name}-pod`, ...(namespace !== undefined && { namespace }) },
      spec: { ...spec, volumes: [...listAt(spec, 'volumes'), ...claims] as Json[] },
    },
  };
}

/** What was refused, and where it was tried. */
export interface Refusal {
  object: StackObject;
  place: string | undefined;
  error: Pick<ApiError, 'code' | 'message'>;
}

/** One finding for each reason, however many objects it refuses. */
export function judgeRefusals(refusals: readonly Refusal[], tried: number): Finding[] {
  if (refusals.length === 0) return [ok(`${tried} objects of all kinds would be admitted`)];
  const byReason = groupBy(
    refusals,
    ({ object, error, place }) => `${place ?? ''}: ${reasonOf(error.message, object.name)}`,
  );
  return [...byReason].map(([reason, found]) => {
    const what = someOf(
      found.map(({ object }) => describeObject(object)),
      3,
    );
    const isElsewhere = found.some(({ object, place }) => place !== object.namespace);
    const result = `${what} refused in ${reason}`;
    if (isElsewhere)
      return warning(
        result,
        `the stack's own namespaces are still to be made: see whether they will have the same rules`,
      );
    return problem(result, fixFor(reason));
  });
}

const reasonOf = (message: string, name: string) =>
  message.replaceAll(`"${name}"`, '').replace(/^(\w+ )?\S* ?is forbidden: /, '');

function fixFor(reason: string): string {
  if (reason.includes('does not serve monitoring.coreos.com'))
    return 'install the Prometheus Operator first, or leave monitoring.prometheusOperator out';
  if (reason.includes('does not serve gateway.networking.k8s.io'))
    return 'install the Gateway API first, or reach services another way: network.exposure';
  if (reason.includes('PodSecurity'))
    return 'label the namespace pod-security.kubernetes.io/enforce=baseline, which admits all of them';
  if (/quota/i.test(reason))
    return 'have the ResourceQuota raised, or lower requests; what it demands of each container a LimitRange can fill in';
  if (reason.includes('webhook')) return 'have the webhook’s owner exempt the namespace, or change what it objects to';
  return 'change what it objects to, or have the rule changed';
}

/** Service ports and names have checks of their own. */
function asTried({ kind, content }: StackObject, place: string | undefined): JsonMap {
  const metadata = { ...mapAt(content, 'metadata'), ...(place !== undefined && { namespace: place }) };
  if (kind !== 'Service') return { ...content, metadata };
  const ports = listAt(content, 'spec', 'ports').map((port) =>
    Object.fromEntries(Object.entries(port as JsonMap).filter(([key]) => key !== 'nodePort')),
  );
  return { ...content, metadata, spec: { ...mapAt(content, 'spec'), ports } };
}

async function refusalOf(cluster: Cluster, object: StackObject, namespaces: ReadonlySet<string>): Promise<Refusal[]> {
  const served = await cluster.kind(object.apiVersion, object.kind);
  const { namespace } = object;
  const place = namespace !== undefined && !namespaces.has(namespace) ? ELSEWHERE : namespace;
  if (served === undefined) {
    return [
      {
        object,
        place: namespace,
        error: { code: 404, message: `the cluster does not serve ${object.apiVersion} ${object.kind}` },
      },
    ];
  }
  const error = await cluster.refusalOf(collectionPath(served, place), asTried(object, place));
  // What exists and what may not be done have checks of their own.
  if (error === undefined || error.code === 409 || /^[^:]* is forbidden: User /.test(error.message)) return [];
  return [{ object, place, error }];
}

/** Whether what judges objects on their way in (Pod Security, quotas, webhooks) lets the stack's through. */
export const admissionCheck: Check = async (subject, cluster) => {
  const namespaces = await cluster.namespaces();
  const tried = await trials(subject, cluster);
  const refusals = await Promise.all(tried.map((object) => refusalOf(cluster, object, namespaces)));
  return judgeRefusals(refusals.flat(), tried.length);
};
