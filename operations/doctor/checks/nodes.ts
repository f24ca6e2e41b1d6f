import { DATABASES, DATABASE_SECTIONS, type DatabaseKey } from '../../../infra/catalogue';
import type { DatabaseConfig } from '../../../infra/config';
import { type Finding, asWarning, findingsOf, someOf } from '../finding';
import { workloadsOf } from '../../stack-objects/subject';
import type { Check } from '../check';
import { type NodeFacts, factsOf } from './node-facts';
import { running } from './running';

const { ok, problem, warning } = findingsOf('nodes');

type Wanted = Pick<DatabaseConfig, 'nodes' | 'replicas' | 'stopped'>;

/**
 * Whether the members of a database find nodes to run on, each a host of its own.
 *
 * @param isUp whether it runs already: then a node that is closed for a while is only worth knowing
 */
export function judgeNodes(section: DatabaseKey, wanted: Wanted, nodes: readonly NodeFacts[], isUp = false): Finding[] {
  const named = wanted.nodes.length > 0;
  const chosen = named ? nodes.filter(({ name }) => wanted.nodes.includes(name)) : labelled(section, nodes);
  const missing = wanted.nodes.filter((name) => !nodes.some((node) => node.name === name));
  const closed = chosen.filter((node) => node.closed !== undefined);
  const open = chosen.filter((node) => node.closed === undefined);
  const hosts = new Set(open.map(({ hostname }) => hostname));
  const faults = [
    ...(missing.length === 0
      ? []
      : [
          problem(
            `${section}.nodes: ${someOf(missing)} not in the cluster`,
            'mend the list; kubectl get nodes names those there are',
          ),
        ]),
    ...closed.map(({ name, closed: why = '' }) => whyNot(section, name, why)),
    ...tooFew(section, wanted, { named, open: open.length, hosts: hosts.size }),
  ];
  const told = isUp ? faults.map(asWarning) : faults;
  return told.length > 0 ? told : [ok(`${section}: ${wanted.replicas} members, ${open.length} nodes`)];
}

function labelled(section: DatabaseKey, nodes: readonly NodeFacts[]): NodeFacts[] {
  const labels = Object.entries(DATABASES[section].nodeLabels);
  return nodes.filter((node) => labels.every(([key, value]) => node.labels[key] === value));
}

function whyNot(section: DatabaseKey, node: string, why: string): Finding {
  const undo = /taint (.*)/.exec(why)?.[1];
  const fix = undo === undefined ? `kubectl describe node ${node}` : `kubectl taint node ${node} ${undo}-`;
  const mend = why === 'is cordoned' ? `kubectl uncordon ${node}` : fix;
  return problem(`${section}: node ${node} ${why}: no member starts there`, `${mend}, or use another node`);
}

function tooFew(
  section: DatabaseKey,
  { replicas, stopped = false }: Wanted,
  { named, open, hosts }: { named: boolean; open: number; hosts: number },
): Finding[] {
  if (stopped || hosts >= replicas) return [];
  const labels = Object.entries(DATABASES[section].nodeLabels).map(([key, value]) => `${key}=${value}`);
  const more = named
    ? `name ${replicas} nodes in ${section}.nodes`
    : `kubectl label node NAME ${labels.join(' ')}, or name them in ${section}.nodes`;
  if (open === 0)
    return [problem(`${section}: no node for its members${named ? '' : ` (${labels.join(', ')})`}`, more)];
  if (hosts < open)
    return [
      problem(`${section}: ${open} nodes share ${hosts} hostnames`, 'give each its own label kubernetes.io/hostname'),
    ];
  return [warning(`${section}: ${replicas} members on ${hosts} hosts: losing one loses several`, more)];
}

/** Whether the nodes of both databases are there and take pods. */
export const nodesCheck: Check = async (subject, cluster) => {
  const nodes = (await cluster.nodes()).map(factsOf);
  const up = await running(cluster, workloadsOf(subject));
  return DATABASE_SECTIONS.flatMap((section) => {
    const isUp = up.some(({ kind, name }) => kind === 'StatefulSet' && name === DATABASES[section].name);
    return judgeNodes(section, subject.config[section], nodes, isUp);
  });
};
