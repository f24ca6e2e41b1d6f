import { type Json, listAt, textAt } from '../../../kubernetes-api';
import { type Finding, findingsOf } from '../finding';
import type { Check } from '../check';

const { ok, problem, warning } = findingsOf('network');

/** DaemonSets of networks that enforce NetworkPolicies. */
const ENFORCING =
  /^(?:calico-node|cilium|anetd|antrea-agent|kube-router|weave-net|azure-npm|ovnkube-node|kindnet|canal|romana-agent|kube-ovn-cni)$/;

/** @param daemonSets names of those in the cluster */
export function judgePolicies(daemonSets: readonly string[], gitVersion: string): Finding {
  const found = daemonSets.find((name) => ENFORCING.test(name));
  if (found !== undefined) return ok(`${found} enforces NetworkPolicies`);
  if (/\+(?:k3s|rke2)/.test(gitVersion)) return ok('k3s enforces NetworkPolicies itself');
  const aws = daemonSets.includes('aws-node') ? ' (aws-node does once enableNetworkPolicy is on)' : '';
  return warning(
    `nothing is known here that enforces NetworkPolicies${aws}`,
    'without it everybody in the cluster reaches the databases’ ports: install Calico or Cilium, or switch yours on',
  );
}

/** mongod is started without --ipv6. */
export function judgeFamilies(kubernetesService: Json | undefined): Finding {
  const families = listAt(kubernetesService, 'spec', 'ipFamilies').filter((family) => typeof family === 'string');
  if (families.length === 0 || families[0] === 'IPv4') return ok(`addresses: ${families.join(', ') || 'IPv4'}`);
  const fix = 'use a cluster whose first family is IPv4: members of databases listen on IPv4 alone';
  return families.includes('IPv4')
    ? warning('Services get IPv6 addresses first', fix)
    : problem('the cluster has IPv6 alone', fix);
}

/** Whether what keeps others from the databases is enforced, and by which addresses members find each other. */
export const networkCheck: Check = async (_subject, cluster) => {
  const daemonSets = await cluster.list('/apis/apps/v1/daemonsets');
  const { version, service } = {
    version: await cluster.get('/version'),
    service: await cluster.get('/api/v1/namespaces/default/services/kubernetes'),
  };
  return [
    judgePolicies(
      daemonSets.map((one) => textAt(one, 'metadata', 'name')),
      textAt(version, 'gitVersion'),
    ),
    judgeFamilies(service),
  ];
};
