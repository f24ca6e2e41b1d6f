import { Config } from '@pulumi/pulumi';
import { AiosProvider, ClusterPreCheckPolicies, Policy } from '../../../policies/resources';

const network = process.env.AIOS_EMBEDDED_NETWORK;
if (network === undefined) throw new Error('AIOS_EMBEDDED_NETWORK is not set: this is for make bench only');
const { gateway, policiesSystem, clustersRegistry } = JSON.parse(network) as Record<string, string>;
const provider = new AiosProvider('network', {
  gateway: { url: gateway ?? '' },
  policiesSystem: { url: policiesSystem ?? '' },
  clustersRegistry: { url: clustersRegistry ?? '' },
});

const config = new Config();
const code = { url: 'http://code.example/rule.tar.gz', sha256: '0'.repeat(64) };
const policies = numbered(config.requireNumber('policies')).map((number) => {
  const name = `aiosv1.policies.cluster-controller-gateway.rule-${number}`;
  return new Policy(`rule-${number}`, { name, version: 'v0.0.1', type: 'pre-check', code }, { provider });
});
for (const number of numbered(config.requireNumber('clusters'))) {
  const policy = policies[number % policies.length]?.uri ?? '';
  const bindings = { add_node: { policy, parameters: { max: number } }, remove_cluster: { policy } };
  new ClusterPreCheckPolicies(`cluster-${number}`, { clusterId: `cluster-${number}`, bindings }, { provider });
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
