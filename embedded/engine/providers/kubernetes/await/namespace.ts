import { textAt } from '../../../../../kubernetes-api';
import { type Awaiter, ready, waiting } from './awaiter';

/** Ready once it takes objects. */
export const namespace: Awaiter = {
  check(live) {
    const phase = textAt(live, 'status', 'phase');
    return phase === 'Active' ? ready : waiting('waits for the namespace to become active');
  },
};
