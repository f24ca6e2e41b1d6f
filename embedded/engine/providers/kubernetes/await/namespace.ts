import { textAt } from '../../../../shared/kubernetes';
import { Awaiter, failed, ready, waiting } from './awaiter';

/** Ready once it takes objects. One that is being deleted never will. */
export const namespace: Awaiter = {
  check(live) {
    const phase = textAt(live, 'status', 'phase');
    if (phase === 'Terminating') return failed('the namespace is being deleted; wait until it is gone, then run again');
    return phase === 'Active' ? ready : waiting('waits for the namespace to become active');
  },
};
