import { NAMESPACES } from '../../../infra/catalogue';
import { parseQuantity } from '../../../infra/config';
import { type Json, type JsonMap, at, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import type { StackObject } from '../../stack-objects/objects';
import { workloadsOf } from '../../stack-objects/subject';
import type { Check } from '../check';
import { type Finding, findingsOf } from '../finding';

const { ok, problem, warning } = findingsOf('quotas');

/** What quotas call what they limit, and how much of it: cores, bytes, or a number. */
export type Usage = Readonly<Record<string, number>>;

/** What quotas count of each kind. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['count/deployments.apps'],
  StatefulSet: ['count/statefulsets.apps'],
  Service: ['services', 'count/services'],
  ConfigMap: ['configmaps', 'count/configmaps'],
  Secret: ['secrets', 'count/secrets'],
  PersistentVolumeClaim: ['persistentvolumeclaims', 'count/persistentvolumeclaims'],
};

/** Names of amounts of a container, as quotas have them; what is named without a prefix is requested. */
const AMOUNTS = [
  ['requests', 'cpu', ['requests.cpu', 'cpu']],
  ['requests', 'memory', ['requests.memory', 'memory']],
  ['limits', 'cpu', ['limits.cpu']],
  ['limits', 'memory', ['limits.memory']],
] as const;

/** What all objects of a stack in one namespace take of what quotas limit, with all of its pods running. */
export function usageOf(objects: readonly StackObject[]): Usage {
  const usage: Record<string, number> = {};
  const add = (names: readonly string[], amount: number) => {
    for (const name of names) usage[name] = (usage[name] ?? 0) + amount;
  };
  for (const { kind, content } of objects) {
    add(COUNTED[kind] ?? [], 1);
    if (kind === 'PersistentVolumeClaim') add(['requests.storage'], storageOf(content));
    if (kind === 'Service') add(['services.nodeports'], nodePortsOf(content));
  }
  for (const { content } of workloadsOf({ objects })) {
    const replicas = numberAt(content, 'spec', 'replicas');
    add(['pods', 'count/pods'], replicas);
    for (const [section, resource, names] of AMOUNTS) add(names, replicas * amountOf(content, section, resource));
  }
  return usage;
}

/** A pod counts with its containers together, or with an init container that takes more alone. */
function amountOf(workload: Json, section: string, resource: string): number {
  const pod = at(workload, 'spec', 'template', 'spec');
  const amounts = (key: string) =>
    listAt(pod, key).map((one) => parseQuantity(textAt(one, 'resources', section, resource)) ?? 0);
  const together = amounts('containers').reduce((sum, amount) => sum + amount, 0);
  return Math.max(together, ...amounts('initContainers'));
}

const storageOf = (claim: Json) => parseQuantity(textAt(claim, 'spec', 'resources', 'requests', 'storage')) ?? 0;

const nodePortsOf = (service: Json) =>
  ['NodePort', 'LoadBalancer'].includes(textAt(service, 'spec', 'type')) ? listAt(service, 'spec', 'ports').length : 0;

/** What a quota leaves too little of. One that is for some pods alone (`scopes`) cannot be held against all of them. */
export function judgeQuota(namespace: string, quota: Json, usage: Usage): Finding[] {
  const name = `ResourceQuota ${namespace}/${textAt(quota, 'metadata', 'name')}`;
  if (listAt(quota, 'spec', 'scopes').length > 0 || at(quota, 'spec', 'scopeSelector') !== undefined) {
    return [
      warning(`${name} is for some pods alone: it was not compared`, 'compare it by hand with what make render writes'),
    ];
  }
  const hard: JsonMap = mapAt(quota, 'spec', 'hard');
  const short = Object.keys(hard).flatMap((resource) => {
    const wanted = usage[resource] ?? 0;
    // The API server gives every quantity as a text.
    const limit = textAt(hard, resource);
    return wanted > (parseQuantity(limit) ?? Infinity) ? [`${resource} ${show(resource, wanted)} of ${limit}`] : [];
  });
  if (short.length === 0) return [];
  return [
    problem(`${name}: the stack wants ${short.join(', ')}`, 'have it raised, or lower replicas, resources or size'),
  ];
}

const GIB = 2 ** 30;

const show = (resource: string, amount: number) =>
  /memory|storage/.test(resource) ? `${Number((amount / GIB).toFixed(1))}Gi` : `${Number(amount.toFixed(2))}`;

/** Whether quotas leave room for all of the stack, which a dry run of one object at a time does not tell. */
export const quotasCheck: Check = async (subject, cluster) => {
  const found = NAMESPACES.map(async (namespace) => {
    const quotas = await cluster.list(`/api/v1/namespaces/${namespace}/resourcequotas`);
    const usage = usageOf(subject.objects.filter((object) => object.namespace === namespace));
    return { count: quotas.length, findings: quotas.flatMap((quota) => judgeQuota(namespace, quota, usage)) };
  });
  const all = await Promise.all(found);
  const findings = all.flatMap((one) => one.findings);
  const count = all.reduce((sum, one) => sum + one.count, 0);
  return findings.length > 0 ? findings : [ok(count === 0 ? 'none' : `${count} leave room for all of the stack`)];
};
