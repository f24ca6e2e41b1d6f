import { at, numberAt, textAt } from '../../../../../kubernetes-api';
import { type Awaiter, ready, waiting } from './awaiter';
import { explainWorkload, isObserved } from './pods';

/**
 * Ready once all replicas are, and those that the update strategy updates by itself run the new template. With OnDelete that
 * is none: somebody deletes the pods.
 */
export const statefulSet: Awaiter = {
  check(live) {
    if (!isObserved(live)) return waiting('waits for the statefulset controller');
    const wanted = at(live, 'spec', 'replicas') === undefined ? 1 : numberAt(live, 'spec', 'replicas');
    const readyPods = numberAt(live, 'status', 'readyReplicas');
    const pods = numberAt(live, 'status', 'replicas');
    if (readyPods < wanted) return waiting(`${readyPods}/${wanted} pods ready`);
    if (pods > wanted) return waiting(`${pods - wanted} pods too many are removed`);
    if (textAt(live, 'spec', 'updateStrategy', 'type') === 'OnDelete') return ready;
    const partition = numberAt(live, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
    const isCurrent = textAt(live, 'status', 'updateRevision') === textAt(live, 'status', 'currentRevision');
    if (partition === 0)
      return isCurrent ? ready : waiting(updating(numberAt(live, 'status', 'updatedReplicas'), wanted));
    const toUpdate = Math.max(0, wanted - partition);
    const updated = isCurrent ? toUpdate : numberAt(live, 'status', 'updatedReplicas');
    return updated >= toUpdate ? ready : waiting(updating(updated, toUpdate));
  },
  explain: explainWorkload,
};

const updating = (updated: number, of: number) => `${updated}/${of} pods run the new version`;
