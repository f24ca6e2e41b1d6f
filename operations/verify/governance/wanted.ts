import type { NetworkConfig, ResolvedBindings } from '../../../infra/config';
import { DEFAULT_EXECUTOR } from '../../../infra/catalogue';
import { type Action, ACTIONS, toGatewayMap } from '../../../policies/actions';
import type { WantedMap, WantedSettings } from './settings';

/** What the configuration asks of the gateway, for the network and by the ids of clusters. */
export interface Wanted {
  network: WantedSettings;
  clusters: ReadonlyMap<string, WantedMap>;
}

/** What the configuration asks of the gateway. */
export function wantedOf({ policies }: NetworkConfig): Wanted {
  const removesUnlisted = policies.unlisted === 'remove';
  const { mode, executor = DEFAULT_EXECUTOR } = policies.execution;
  const clusters = Object.entries(policies.clusters).map(
    ([clusterId, bindings]) => [clusterId, { ...wantedMap(bindings), removesUnlisted }] as const,
  );
  return {
    network: { mode, executor, ...wantedMap(policies.bindings), removesUnlisted },
    clusters: new Map(clusters),
  };
}

function wantedMap(bindings: ResolvedBindings): Pick<WantedMap, 'map' | 'listed'> {
  const actions = Object.keys(bindings) as Action[];
  return {
    map: toGatewayMap(bindings),
    listed: actions.flatMap((action) => [...ACTIONS[action].keys]),
  };
}
