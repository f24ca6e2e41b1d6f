import { randomBytes } from 'node:crypto';
import type { Bugs } from '../behaviour';
import { json, type Answer } from '../http/answer';
import type { Route } from '../http/route';
import type { Collection, Document } from '../store/collection';
import { isObject, matches } from '../store/filter';
import { applyUpdate } from '../store/update';
import { minimized } from './minimize';
import { castUpdate, isInSchema, toCluster } from './schema';

const notFound = json({ error: 'Cluster not found' }, 404);

/** The clusters registry's API (Express, Mongoose). Failures are HTTP 500. */
export function registryRoutes(clusters: Collection, bugs: Bugs): Route[] {
  const shown = (cluster: Document) => (bugs.minimizes ? minimized(cluster) : cluster);
  return [
    {
      method: 'POST',
      pattern: '/clusters',
      handle: guarded((call) => {
        const cluster = toCluster(bodyOf(call));
        const { id } = cluster;
        if (clusters.findFirst('id', id)) {
          throw new Error(
            `E11000 duplicate key error collection: clusters.clusters index: id_1 dup key: { id: "${String(id)}" }`,
          );
        }
        const entry = { ...shown(cluster), _id: randomBytes(12).toString('hex'), __v: 0 };
        clusters.insert(entry);
        return json(entry);
      }),
    },
    {
      method: 'POST',
      pattern: '/clusters/query',
      // Only {query: filter} is a filter, whatever the documentation says: anything else asks for all clusters.
      handle: guarded((call) => {
        const { query = {} } = bodyOf(call);
        const filter = isObject(query) ? query : {};
        return json(
          clusters
            .all()
            .filter((cluster) => matches(cluster, filter))
            .map(shown),
        );
      }),
    },
    {
      method: 'GET',
      pattern: '/clusters/<id>',
      handle: ({ parameters }) => {
        const cluster = clusters.findFirst('id', parameters.id);
        return cluster ? json(shown(cluster)) : notFound;
      },
    },
    {
      method: 'PUT',
      pattern: '/clusters/<id>',
      handle: guarded((call) => {
        const cluster = clusters.findFirst('id', call.parameters.id);
        if (!cluster) return notFound;
        const updated = applyUpdate(cluster, strictUpdate(bodyOf(call)));
        clusters.replaceFirst('id', call.parameters.id, updated);
        return json(shown(updated));
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

/** Express reads a body as JSON only if it is said to be, and hands on an empty one otherwise. */
function bodyOf(call: Parameters<Route['handle']>[0]): Document {
  if (!call.contentType.startsWith('application/json')) return {};
  const body = call.json();
  return isObject(body) ? body : {};
}

/** An update with what the schema knows, and nothing else. */
function strictUpdate(update: Document): Document {
  return Object.fromEntries(
    Object.entries(update).flatMap(([key, value]): [string, unknown][] => {
      if (key === '$set') return [[key, knownFields(value)]];
      if (key.startsWith('$')) return [[key, value]];
      return Object.entries(knownFields({ [key]: value }));
    }),
  );
}

function knownFields(values: unknown): Document {
  if (!isObject(values)) {
    throw new Error(`Invalid atomic update value for $set. Expected an object, received ${typeof values}`);
  }
  const known = Object.entries(values).filter(([path]) => isInSchema(path));
  return Object.fromEntries(known.map(([path, value]) => [path, castUpdate(path, value)]));
}

function guarded(handle: (call: Parameters<Route['handle']>[0]) => Answer): Route['handle'] {
  return (call) => {
    try {
      return handle(call);
    } catch (error) {
      return json({ error: (error as Error).message }, 500);
    }
  };
}

/** What the registry answers without its database: a failure, and never that there is nothing. */
export function registryOutage(): Answer {
  return json({ error: 'Server selection timed out after 30000 ms' }, 500);
}
