import { numberAt, textAt } from '../../../../shared/kubernetes';
import { Awaiter, ready, waiting } from './awaiter';
import { explainWorkload, isObserved } from './workload';

/** Ready once every node that should has a ready pod, of the new template unless somebody is to delete the old ones. */
export const daemonSet: Awaiter = {
  check(live) {
    if (!isObserved(live)) return waiting('waits for the daemonset controller');
    const wanted = numberAt(live, 'status', 'desiredNumberScheduled');
    const available = numberAt(live, 'status', 'numberAvailable');
    const updated = numberAt(live, 'status', 'updatedNumberScheduled');
    const onDelete = textAt(live, 'spec', 'updateStrategy', 'type') === 'OnDelete';
    if (!onDelete && updated < wanted) return waiting(`${updated}/${wanted} pods of the new version started`);
    return available < wanted ? waiting(`${available}/${wanted} pods ready`) : ready;
  },
  explain: explainWorkload,
};
