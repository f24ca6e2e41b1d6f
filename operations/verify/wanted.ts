import type { NetworkConfig } from '../../infra/config';
import type { PolicyBindings } from '../../infra/config/policy-binding';
import { type PolicyUris, resolveBindings } from '../../infra/governance/resolve-bindings';
import { onboardedRule, wantedRules } from '../../infra/governance/wanted-rules';
import { type Action, ACTIONS, toGatewayMap } from '../../policies/actions';
import type { WantedMap, WantedSettings } from './settings';

/** What the configuration asks of the gateway, for the network and by the ids of clusters. */
export interface Wanted {
  network: WantedSettings;
  clusters: ReadonlyMap<string, WantedMap>;
}

/** What the configuration asks of the gateway. */
export function wantedOf({ policies }: NetworkConfig): Wanted {
  const onboarded = wantedRules(policies).map((wanted) => onboardedRule(wanted));
  const rules = new Map(onboarded.map((rule) => [rule.name, rule]));
  const removesUnlisted = policies.unlisted === 'remove';
  const { mode, executor = 'executor-001' } = policies.execution;
  const clusters = Object.entries(policies.clusters).map(
    ([clusterId, bindings]) => [clusterId, { ...wantedMap(bindings, rules), removesUnlisted }] as const,
  );
  return {
    network: { mode, executor, ...wantedMap(policies.bindings, rules), removesUnlisted },
    clusters: new Map(clusters),
  };
}

function wantedMap(bindings: PolicyBindings, rules: PolicyUris): Pick<WantedMap, 'map' | 'listed'> {
  const actions = Object.keys(bindings) as Action[];
  return {
    map: toGatewayMap(resolveBindings(bindings, rules)),
    listed: actions.flatMap((action) => [...ACTIONS[action].keys]),
  };
}
