import { textAt } from '../../../../../kubernetes-api';
import { type Awaiter, failed, ready, waiting } from './awaiter';

/** Ready once it can be claimed, or is. */
export const persistentVolume: Awaiter = {
  check(live) {
    const phase = textAt(live, 'status', 'phase');
    if (phase === 'Failed') return failed(`the volume failed: ${textAt(live, 'status', 'message')}`);
    // A retained volume whose claim has gone stays as it is until somebody frees it.
    return ['Available', 'Bound', 'Released'].includes(phase) ? ready : waiting(`the volume is ${phase || 'new'}`);
  },
};
