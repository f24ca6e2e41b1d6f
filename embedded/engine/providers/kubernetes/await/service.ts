import type { ClusterObjects } from '../api/objects';
import { type JsonMap, listAt, mapAt, textAt } from '../../../../../kubernetes-api';
import { type Awaiter, ready, waiting } from './awaiter';
import { explainPods, labelSelector } from './pods';

/**
 * Ready once its selector has found pods, and a load balancer has its address. Headless and external services, and those
 * whose endpoints somebody else keeps, have nothing to wait for.
 */
export const service: Awaiter = {
  async check(live, objects) {
    if (selectsPods(live) && !(await hasEndpoints(live, objects))) {
      return waiting(`no pod for its selector ${selectorOf(live)}`);
    }
    const balanced = textAt(live, 'spec', 'type') === 'LoadBalancer';
    if (balanced && listAt(live, 'status', 'loadBalancer', 'ingress').length === 0) {
      return waiting('waits for the address of its load balancer');
    }
    return ready;
  },
  async explain(live, objects) {
    if (!selectsPods(live)) return undefined;
    return explainPods(textAt(live, 'metadata', 'namespace'), selectorOf(live), objects);
  },
};

function selectsPods(live: JsonMap): boolean {
  const { type, clusterIP } = mapAt(live, 'spec');
  return type !== 'ExternalName' && clusterIP !== 'None' && selectorOf(live) !== '';
}

const selectorOf = (live: JsonMap) => labelSelector(mapAt(live, 'spec', 'selector'));

/** Pods that are not ready yet count: what they wait for may in turn wait for this service. */
async function hasEndpoints(live: JsonMap, objects: ClusterObjects): Promise<boolean> {
  const of = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace: textAt(live, 'metadata', 'namespace'),
  };
  const query = { labelSelector: `kubernetes.io/service-name=${textAt(live, 'metadata', 'name')}` };
  const slices = await objects.list(of, query);
  return slices.some((slice) => listAt(slice, 'endpoints').length > 0);
}
