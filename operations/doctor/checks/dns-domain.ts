import { DEFAULT_DOMAIN } from '../../../infra/catalogue';
import { textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
import type { Check } from '../check';
import { type Finding, findingsOf } from '../finding';

const { ok, problem, warning } = findingsOf('DNS domain');

/**
 * Whether the cluster's DNS answers under the domain that the stack's addresses end in.
 *
 * @param actual undefined: nothing in the cluster tells it
 */
export function judgeDomain(wanted: string, actual: readonly string[] | undefined): Finding {
  if (actual?.includes(wanted)) return ok(wanted);
  if (actual !== undefined) {
    return problem(
      `the cluster's domain is ${actual.join(', ')}, and the stack's addresses end in ${wanted}`,
      `cluster.domain: ${actual[0] ?? ''}`,
    );
  }
  if (wanted === DEFAULT_DOMAIN) return ok(`${wanted} is taken for granted: nothing seen here tells it`);
  return warning(
    `nothing seen here tells whether the cluster's domain is ${wanted}`,
    'look into /etc/resolv.conf of any pod: its search list has svc.DOMAIN',
  );
}

/** The zones that CoreDNS answers as the cluster's own, those of reverse look-ups left out. */
export function zonesIn(corefile: string): string[] | undefined {
  const [, line] = /^\s*kubernetes[ \t]+([^{\n]*)/m.exec(corefile) ?? [];
  const zones = line
    ?.trim()
    .split(/\s+/)
    .filter((zone) => zone !== '' && !zone.endsWith('.arpa'));
  return zones === undefined || zones.length === 0 ? undefined : zones.map((zone) => zone.replace(/\.$/, ''));
}

/** What kubeadm has told kubelets and installed with. */
export function domainIn(configuration: string): string[] | undefined {
  const [, domain] = /^\s*(?:dnsDomain|clusterDomain):[ \t]*"?([^"\s]+)"?/m.exec(configuration) ?? [];
  return domain === undefined ? undefined : [domain];
}

const SYSTEM = '/api/v1/namespaces/kube-system/configmaps';

async function actualDomain(cluster: Cluster): Promise<string[] | undefined> {
  const data = async (name: string, key: string) =>
    textAt(await cluster.get(`${SYSTEM}/${name}`).catch(() => undefined), 'data', key);
  return (
    zonesIn(await data('coredns', 'Corefile')) ??
    domainIn(await data('kubeadm-config', 'ClusterConfiguration')) ??
    domainIn(await data('kubelet-config', 'kubelet'))
  );
}

/** Whether the addresses of members will be found: they end in the cluster's DNS domain. */
export const dnsDomainCheck: Check = async ({ config }, cluster) => [
  judgeDomain(config.registry.domain ?? DEFAULT_DOMAIN, await actualDomain(cluster)),
];
