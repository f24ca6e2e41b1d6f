import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonMap, isJsonMap, mapAt, textAt } from '../../../kubernetes-api';
import { type Cluster, collectionPath } from '../../cluster/cluster';
import { isMasked } from '../../stack-objects/mask';
import { type StackObject, describeObject } from '../../stack-objects/objects';
import { type Check, unlessForbidden } from '../check';
import type { Finding } from '../finding';

/** Paths that are told of one object. */
const MOST = 5;

/** What the API server keeps of its own. */
const OWN_METADATA = ['managedFields', 'resourceVersion', 'generation'];

/**
 * Where an object differs from what it would be with the stack's fields applied. What others have added beside them is theirs.
 *
 * @param live undefined: it is not there
 */
export function judgeDrift(wanted: StackObject, live: Json | undefined, applied: Json): Finding {
  const subject = describeObject(wanted);
  if (live === undefined) return { subject, state: 'bad', text: 'is not there' };
  const paths = differences(comparable(live), comparable(applied));
  if (paths.length === 0) return { subject, state: 'good', text: 'as the stack has it' };
  const more = paths.length > MOST ? ` and ${paths.length - MOST} more` : '';
  return { subject, state: 'bad', text: `differs at ${paths.slice(0, MOST).join(', ')}${more}` };
}

function comparable(object: Json): JsonMap {
  const own = (value: JsonMap, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
  const rest = own(mapAt(object), ['status']);
  return { ...rest, metadata: own(mapAt(rest, 'metadata'), OWN_METADATA) };
}

/** Paths of the values that differ. What stands for a secret is not compared: it is not known here. */
function differences(live: Json | undefined, applied: Json | undefined, path = ''): string[] {
  if (isDeepStrictEqual(live, applied) || isMasked(applied)) return [];
  if (isJsonMap(live) && isJsonMap(applied)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(applied)])];
    return keys.flatMap((key) => differences(live[key], applied[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(live) && Array.isArray(applied) && live.length === applied.length) {
    return live.flatMap((item, index) =>
      differences(item, applied[index], `${path}[${textAt(item, 'name') || index}]`),
    );
  }
  return [path];
}

async function driftOf(cluster: Cluster, object: StackObject): Promise<Finding[]> {
  const served = await cluster.kind(object.apiVersion, object.kind);
  const path = served && `${collectionPath(served, object.namespace)}/${object.name}`;
  const live = path && (await cluster.get(path));
  if (path === undefined || live === undefined) return [judgeDrift(object, undefined, {})];
  return [judgeDrift(object, live, await cluster.applied(path, appliedOf(object)))];
}

/** What an update would apply: all but the fields that it leaves as they are. */
export function appliedOf({ content, ignored = [] }: Pick<StackObject, 'content' | 'ignored'>): JsonMap {
  return ignored.reduce((rest, path) => without(rest, path.split('.')), content);
}

function without(value: JsonMap, [key = '', ...keys]: readonly string[]): JsonMap {
  const { [key]: inner, ...rest } = value;
  if (keys.length === 0 || inner === undefined) return rest;
  return isJsonMap(inner) ? { ...rest, [key]: without(inner, keys) } : value;
}

/** Whether an update would change objects: each is applied as a dry run. Secrets are left out, for nobody here knows what is in them. */
export const driftCheck: Check = async ({ objects, patches }, cluster) => {
  const compared = [...objects, ...patches].filter(({ kind }) => kind !== 'Secret');
  const found = compared.map((object) => unlessForbidden(describeObject(object), () => driftOf(cluster, object)));
  return (await Promise.all(found)).flat();
};
