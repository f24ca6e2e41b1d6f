import { DATABASES, type DatabaseKey } from '../../infra/catalogue';
import type { DatabaseConfig } from '../../infra/config';
import { type Json, textAt } from '../../kubernetes-api';
import { pathOf } from './installed';

/** What has to be asked of a cluster about a database. */
interface Reader {
  find(path: string): Promise<Json | undefined>;
  list(path: string): Promise<Json[]>;
}

/** A member as upstream has it. */
export interface InstalledMember {
  /** Undefined where no pod of it runs. */
  node: string | undefined;
  /** Directory of its volume. */
  path: string;
  size: string;
}

/** The members of a database that upstream installed, in their order. */
export async function readMembers(cluster: Reader, section: DatabaseKey): Promise<InstalledMember[]> {
  const { name, namespace } = DATABASES[section];
  const deployments = await cluster.list(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods`);
  const isMember = new RegExp(`^${name}-\\d+$`);
  const count = deployments.filter((one) => isMember.test(textAt(one, 'metadata', 'name'))).length;
  return Promise.all(
    Array.from({ length: count }, async (_, ordinal) => {
      const volume = await cluster.find(pathOf({ kind: 'PersistentVolume', name: `${name}-pv-${ordinal}` }));
      const pod = pods.find(
        (one) =>
          textAt(one, 'metadata', 'labels', 'app') === `${name}-${ordinal}` && textAt(one, 'spec', 'nodeName') !== '',
      );
      return {
        node: pod === undefined ? undefined : textAt(pod, 'spec', 'nodeName'),
        path: textAt(volume, 'spec', 'hostPath', 'path'),
        size: textAt(volume, 'spec', 'capacity', 'storage'),
      };
    }),
  );
}

/** What a stack says of a database, and what is so. Of each its key, both values, and the line that mends it. */
export function memberProblems(
  section: DatabaseKey,
  config: DatabaseConfig,
  members: readonly InstalledMember[],
): string[] {
  if (members.length === 0) return [`${section}: the cluster has no member of it; there is nothing to take over`];
  const problems: string[] = [];
  const differs = (key: string, is: string, wanted: string, fix: string) => {
    if (is !== wanted) problems.push(`${section}.${key} is ${is}, and the cluster has ${wanted}: set ${fix}`);
  };
  differs('replicas', `${config.replicas}`, `${members.length}`, `replicas: ${members.length}`);
  const stopped = members.flatMap(({ node }, ordinal) => (node === undefined ? [ordinal] : []));
  if (stopped.length > 0) {
    problems.push(`${section}: no pod of member ${stopped.join(', ')} runs: have it run, so that its node can be told`);
  } else {
    const nodes = members.map(({ node }) => node).join(', ');
    const shared = new Set(members.map(({ node }) => node)).size < members.length && config.sharedHosts !== true;
    const allowing = shared ? `, and ${section}.unsafe.sharedHosts: true` : '';
    differs('nodes', config.nodes.slice(0, members.length).join(', '), nodes, `nodes: [${nodes}]${allowing}`);
  }
  const directories = 'directories' in config.storage ? config.storage.directories : [];
  const paths = (list: readonly { path: string }[]) => list.map(({ path }) => path.replace(/-\d+$/, ''));
  const [is = 'none', wanted = 'none'] = [paths(directories)[0], paths(members)[0]];
  differs('storage.localPath', is, wanted, `storage: { localPath: ${wanted} }`);
  const sizes = [...new Set(members.map(({ size }) => size))].join(', ');
  differs('size', config.size, sizes, `size: ${sizes}`);
  return problems;
}

/** What upstream's installer has left that nothing needs any more: for people to delete. */
export async function readLeftovers(cluster: Reader, section: DatabaseKey): Promise<string[]> {
  const { name, namespace } = DATABASES[section];
  const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods`);
  const names = pods.map((pod) => textAt(pod, 'metadata', 'name'));
  return names.includes(`${name}-init-client`)
    ? [`kubectl -n ${namespace} delete pod/${name}-init-client configmap/${name}-init`]
    : [];
}
