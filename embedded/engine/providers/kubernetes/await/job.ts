import { at, numberAt, textAt } from '../../../../shared/kubernetes';
import { Awaiter, failed, ready, waiting } from './awaiter';
import { condition } from './pods';
import { explainWorkload } from './workload';

/** Ready once it has succeeded. A suspended job is as ready as it gets. */
export const job: Awaiter = {
  check(live) {
    if (condition(live, 'Complete')?.status === 'True') return ready;
    const failure = condition(live, 'Failed');
    if (failure?.status === 'True') {
      return failed(`the job failed: ${textAt(failure, 'reason')}: ${textAt(failure, 'message')}`);
    }
    if (at(live, 'spec', 'suspend') === true) return ready;
    const wanted = at(live, 'spec', 'completions') === undefined ? 1 : numberAt(live, 'spec', 'completions');
    const count = (state: string) => numberAt(live, 'status', state);
    const retried = count('failed') > 0 ? `, ${count('failed')} failed` : '';
    return waiting(`${count('succeeded')}/${wanted} pods succeeded, ${count('active')} active${retried}`);
  },
  explain: explainWorkload,
  mayVanish: (live) => at(live, 'spec', 'ttlSecondsAfterFinished') !== undefined,
};
