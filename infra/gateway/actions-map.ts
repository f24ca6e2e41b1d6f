import { ConfigMap } from '@pulumi/kubernetes/core/v1';
import type * as pulumi from '@pulumi/pulumi';
import { toGatewayMap } from '../../policies/actions';
import type { ResolvedBindings } from '../config';
import { objectMeta } from '../workload/metadata';
import { ACTIONS_MAP_SOURCE } from './environment';

/**
 * The network map that a gateway starts with.
 *
 * It lives twice on purpose. In the environment, since a gateway that restarts knows nothing else; and in the running
 * processes, written through their API. The environment refers to this ConfigMap instead of holding the map: a new map
 * leaves the pod template as it was, so that no pod restarts for it, and whichever starts later, a crashed
 * container or a further replica, reads the new one. The pods that run get it by `PreCheckPolicies`, which compares what
 * they answer. Hence all replicas agree at any time but during the update itself.
 */
export function actionsMap(
  bindings: ResolvedBindings,
  namespace: string,
  options: pulumi.CustomResourceOptions,
): ConfigMap {
  const { name, key } = ACTIONS_MAP_SOURCE;
  const data = { [key]: JSON.stringify(toGatewayMap(bindings)) };
  return new ConfigMap(name, { metadata: objectMeta(name, { namespace }), data }, options);
}
