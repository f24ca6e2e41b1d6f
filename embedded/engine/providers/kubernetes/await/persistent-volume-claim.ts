import type { ClusterObjects } from '../api/objects';
import { type JsonMap, textAt } from '../../../../../kubernetes-api';
import { type Awaiter, failed, ready, waiting } from './awaiter';
import { lastWarning } from './pods';

/** Ready once it is bound; or pending, if its storage class binds only when the first pod comes. */
export const persistentVolumeClaim: Awaiter = {
  async check(live, objects) {
    const phase = textAt(live, 'status', 'phase');
    if (phase === 'Bound') return ready;
    if (phase === 'Lost') return failed(`the claim has lost its volume ${textAt(live, 'spec', 'volumeName')}`);
    if (phase === 'Pending' && (await waitsForConsumer(live, objects))) return ready;
    return waiting(`the claim is ${phase === '' ? 'new' : phase.toLowerCase()}, not bound to a volume`);
  },
  explain: lastWarning,
};

async function waitsForConsumer(live: JsonMap, objects: ClusterObjects): Promise<boolean> {
  const name = textAt(live, 'spec', 'storageClassName');
  if (name === '') return false;
  const storageClass = await objects.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name });
  return textAt(storageClass, 'volumeBindingMode') === 'WaitForFirstConsumer';
}
