import type { NetworkConfig } from '../../infra/config';
import { resolveBindings } from '../../infra/governance/resolve-bindings';
import { onboardedRule, wantedRules } from '../../infra/governance/wanted-rules';
import { type Action, ACTIONS, toGatewayMap } from '../actions';
import type { WantedSettings } from './settings';

/** What the configuration asks of the gateway. */
export function wantedSettings({ policies }: NetworkConfig): WantedSettings {
  const rules = wantedRules(policies).map((wanted) => onboardedRule(wanted));
  const bindings = resolveBindings(policies.bindings, new Map(rules.map((rule) => [rule.name, rule])));
  const actions = Object.keys(policies.bindings) as Action[];
  return {
    mode: policies.execution.mode,
    executor: policies.execution.executor ?? 'executor-001',
    map: toGatewayMap(bindings),
    listed: actions.flatMap((action) => [...ACTIONS[action].keys]),
    removesUnlisted: policies.unlisted === 'remove',
  };
}
