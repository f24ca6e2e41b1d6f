import { NAMESPACES } from '../../../infra/catalogue';
import { parseQuantity } from '../../../infra/config';
import { type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import { type Finding, asWarning, findingsOf } from '../finding';
import { type Subject, workloadsOf } from '../../stack-objects/subject';
import type { Check } from '../check';
import { type NodeFacts, factsOf } from './node-facts';
import { running } from './running';

const { ok, problem } = findingsOf('capacity');

/** Cores and bytes. */
export interface Amount {
  cpu: number;
  memory: number;
}

const GIB = 2 ** 30;
const NONE: Amount = { cpu: 0, memory: 0 };
const FIX = 'add nodes, or lower resources.requests of databases and services';

const show = ({ cpu, memory }: Amount) =>
  `${Number(cpu.toFixed(1))} cores and ${Number((memory / GIB).toFixed(1))} GiB`;

const add = (one: Amount, other: Amount): Amount => ({ cpu: one.cpu + other.cpu, memory: one.memory + other.memory });

const largest = (amounts: readonly Amount[]): Amount => ({
  cpu: Math.max(0, ...amounts.map(({ cpu }) => cpu)),
  memory: Math.max(0, ...amounts.map(({ memory }) => memory)),
});

/** What a pod asks for: its containers together, or what an init container asks for alone. */
export function requestOf(podSpec: Json | undefined): Amount {
  const requests = (key: string) =>
    listAt(podSpec, key).map((container) => amountIn(mapAt(container, 'resources', 'requests')));
  return largest([requests('containers').reduce(add, NONE), ...requests('initContainers')]);
}

function amountIn(requests: JsonMap): Amount {
  const of = (name: string) => parseQuantity(textAt(requests, name)) ?? 0;
  return { cpu: of('cpu'), memory: of('memory') };
}

/**
 * Whether the nodes have room for what is wanted.
 *
 * @param taken what pods of others ask for
 */
export function judgeCapacity(pods: readonly Amount[], nodes: readonly NodeFacts[], taken: Amount): Finding[] {
  const open = nodes.filter(({ closed }) => closed === undefined);
  const room = open.reduce(add, NONE);
  const free = { cpu: room.cpu - taken.cpu, memory: room.memory - taken.memory };
  const wanted = pods.reduce(add, NONE);
  const largestPod = largest(pods);
  if (!open.some((node) => node.cpu >= largestPod.cpu && node.memory >= largestPod.memory)) {
    return [problem(`no node that takes pods has room for the largest one, ${show(largestPod)}`, FIX)];
  }
  const says = `${pods.length} pods ask for ${show(wanted)}; ${open.length} nodes have ${show(free)} left`;
  return wanted.cpu > free.cpu || wanted.memory > free.memory ? [problem(says, FIX)] : [ok(says)];
}

function wantedPods(subject: Subject): Amount[] {
  return workloadsOf(subject).flatMap(({ content }) => {
    const request = requestOf(mapAt(content, 'spec', 'template', 'spec'));
    return Array.from({ length: numberAt(content, 'spec', 'replicas') }, () => request);
  });
}

/** Whether CPU and memory of the nodes are enough for what the stack requests. */
export const capacityCheck: Check = async (subject, cluster) => {
  const own: readonly string[] = NAMESPACES;
  const pods = await cluster.list('/api/v1/pods');
  const others = pods.filter(
    (pod) =>
      !own.includes(textAt(pod, 'metadata', 'namespace')) &&
      !/^(Succeeded|Failed)$/.test(textAt(pod, 'status', 'phase')),
  );
  const taken = others.map((pod) => requestOf(mapAt(pod, 'spec'))).reduce(add, NONE);
  const findings = judgeCapacity(wantedPods(subject), (await cluster.nodes()).map(factsOf), taken);
  const isUp = (await running(cluster, workloadsOf(subject))).length > 0;
  return isUp ? findings.map(asWarning) : findings;
};
