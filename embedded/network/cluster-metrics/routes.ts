import { json, type Answer } from '../http/answer';
import type { Call, Route } from '../http/route';
import type { Collection } from '../store/collection';
import { isObject, matches } from '../store/filter';
import { applyUpdate } from '../store/update';

const KEY = 'clusterId';

/** The API of global-cluster-metrics, which knows the clusters that have reported to it, and no others. */
export function clusterMetricsRoutes(metrics: Collection): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/cluster',
      handle: guarded((call) => {
        const document = call.json();
        if (!isObject(document)) throw new Error('document must be an instance of dict');
        metrics.insert(document);
        return json({ success: true, data: 'cluster created' });
      }),
    },
    {
      method: 'GET',
      pattern: '/cluster/<id>',
      handle: ({ parameters }) => {
        const found = metrics.findFirst(KEY, parameters.id);
        return found
          ? json({ success: true, data: found })
          : json({ success: false, message: 'cluster not found' }, 400);
      },
    },
    {
      method: 'PUT',
      pattern: '/cluster/<id>',
      handle: guarded((call) => {
        const { id } = call.parameters;
        const found = metrics.findFirst(KEY, id);
        const updated = applyUpdate(found ?? { [KEY]: id }, { $set: call.json() });
        if (found) metrics.replaceFirst(KEY, id, updated);
        else metrics.insert(updated);
        // An entry that the update itself has made was not modified by it: upstream calls that a failure.
        if (!found) return json({ success: false, error: 'No document found to update' }, 400);
        return json({ success: true, data: { message: 'Cluster updated', modified_count: 1 } });
      }),
    },
    {
      method: 'DELETE',
      pattern: '/cluster/<id>',
      handle: ({ parameters }) =>
        metrics.deleteFirst(KEY, parameters.id)
          ? json({ success: true, data: { message: 'Cluster deleted', deleted_count: 1 } })
          : json({ success: false, error: 'No document found to delete' }, 400),
    },
    {
      method: 'POST',
      pattern: '/cluster/query',
      handle: guarded((call) => {
        const filter = call.json();
        return json({ success: true, data: metrics.all().filter((document) => matches(document, filter)) });
      }),
    },
  ];
}

function guarded(handle: (call: Call) => Answer): Route['handle'] {
  return (call) => {
    try {
      return handle(call);
    } catch (error) {
      return json({ success: false, error: (error as Error).message }, 500);
    }
  };
}
