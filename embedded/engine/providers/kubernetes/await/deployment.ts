import { at, numberAt, textAt } from '../../../../../kubernetes-api';
import { type Awaiter, failed, ready, waiting } from './awaiter';
import { condition, explainWorkload, isObserved } from './pods';

/** Ready once the rollout is complete: all replicas run the new template and are available, and no old ones are left. */
export const deployment: Awaiter = {
  check(live) {
    if (!isObserved(live)) return waiting('waits for the deployment controller');
    if (at(live, 'spec', 'paused') === true) return ready;
    const progressing = condition(live, 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(textAt(progressing, 'message'));
    const wanted = at(live, 'spec', 'replicas') === undefined ? 1 : numberAt(live, 'spec', 'replicas');
    const updated = numberAt(live, 'status', 'updatedReplicas');
    const available = numberAt(live, 'status', 'availableReplicas');
    const old = numberAt(live, 'status', 'replicas') - updated;
    const blocked = condition(live, 'ReplicaFailure');
    if (blocked?.status === 'True') {
      return waiting(`${available}/${wanted} pods ready; ${textAt(blocked, 'message')}`);
    }
    if (updated < wanted) return waiting(`${updated}/${wanted} pods of the new version started`);
    if (old > 0) return waiting(`${available}/${wanted} pods ready; ${old} of the old version left`);
    if (available < updated) return waiting(`${available}/${wanted} pods ready`);
    return ready;
  },
  explain: explainWorkload,
};
