import { textAt } from '../../../../shared/kubernetes';
import { Awaiter, failed, ready, waiting } from './awaiter';
import { explainPod, isReady } from './pods';

/** Ready once it is, or has run to its end with success. */
export const pod: Awaiter = {
  check(live) {
    const phase = textAt(live, 'status', 'phase');
    if (phase === 'Failed')
      return failed(`the pod failed: ${textAt(live, 'status', 'message') || textAt(live, 'status', 'reason')}`);
    return isReady(live) || phase === 'Succeeded'
      ? ready
      : waiting(`the pod is ${phase.toLowerCase() || 'new'}, not ready`);
  },
  explain: explainPod,
};
