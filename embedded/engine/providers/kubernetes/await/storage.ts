import type { ClusterObjects } from '../api/objects';
import { type JsonMap, textAt } from '../../../../../kubernetes-api';
import { type Awaiter, failed, ready, waiting } from './awaiter';
import { lastWarning } from './pods';

/** Ready once it takes objects. */
export const namespace: Awaiter = {
  check: (live) =>
    textAt(live, 'status', 'phase') === 'Active' ? ready : waiting('waits for the namespace to become active'),
};

/** Ready once it can be claimed, or is. */
export const persistentVolume: Awaiter = {
  check(live) {
    const phase = textAt(live, 'status', 'phase');
    if (phase === 'Failed') return failed(`the volume failed: ${textAt(live, 'status', 'message')}`);
    // A retained volume whose claim has gone stays as it is until somebody frees it.
    return ['Available', 'Bound', 'Released'].includes(phase) ? ready : waiting(`the volume is ${phase || 'new'}`);
  },
};

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
