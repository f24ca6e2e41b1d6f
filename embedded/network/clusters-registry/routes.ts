import { json, type Answer } from '../http/answer';
import type { RequestLine } from '../http/faults';
import type { Route } from '../http/route';
import type { Collection } from '../store/collection';
import { isObject, matches } from '../store/filter';
import { applyUpdate } from '../store/update';

const notFound = json({ error: 'Cluster not found' }, 404);

/** The clusters registry's API (Express). Of the clusters' schema only the id is checked. */
export function registryRoutes(clusters: Collection): Route[] {
  const guarded = (handle: Route['handle']): Route['handle'] => {
    return async (call) => {
      try {
        return await handle(call);
      } catch (error) {
        return json({ error: (error as Error).message }, 500);
      }
    };
  };
  return [
    {
      method: 'POST',
      pattern: '/clusters',
      handle: guarded((call) => {
        const cluster = call.json();
        if (!isObject(cluster) || typeof cluster.id !== 'string' || cluster.id === '') {
          throw new Error('Cluster validation failed: id: Path `id` is required.');
        }
        if (clusters.findFirst('id', cluster.id)) {
          throw new Error(
            `E11000 duplicate key error collection: clusters.clusters index: id_1 dup key: { id: "${cluster.id}" }`,
          );
        }
        clusters.insert(cluster);
        return json(cluster);
      }),
    },
    {
      method: 'POST',
      pattern: '/clusters/query',
      handle: guarded((call) => {
        const body = call.json();
        // The gateway sends {query: filter}, the documentation says the filter itself.
        const filter = isObject(body) && isObject(body.query) ? body.query : body;
        return json(clusters.all().filter((cluster) => matches(cluster, filter)));
      }),
    },
    {
      method: 'GET',
      pattern: '/clusters/<id>',
      handle: ({ parameters }) => {
        const cluster = clusters.findFirst('id', parameters.id);
        return cluster ? json(cluster) : notFound;
      },
    },
    {
      method: 'PUT',
      pattern: '/clusters/<id>',
      handle: guarded((call) => {
        const cluster = clusters.findFirst('id', call.parameters.id);
        if (!cluster) return notFound;
        const updated = applyUpdate(cluster, call.json());
        clusters.replaceFirst('id', call.parameters.id, updated);
        return json(updated);
      }),
    },
    {
      method: 'DELETE',
      pattern: '/clusters/<id>',
      handle: ({ parameters }) =>
        clusters.deleteFirst('id', parameters.id) ? json({ message: 'Cluster deleted' }) : notFound,
    },
  ];
}

/** What the registry answers without its database, 30 s later. */
export function registryOutage(looksEmpty: boolean): (request: RequestLine) => Answer {
  const failure = json({ error: 'Operation `clusters.findOne()` buffering timed out after 30000ms' }, 500);
  return ({ path }) => {
    if (!looksEmpty) return failure;
    return path === '/clusters/query' ? json([]) : notFound;
  };
}
