import type { Path } from '../../values/paths';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap } from '../../values/value';
import { withoutMetadata } from './object';
import { isAbsent, same } from './same';

/** Lists that other parties may add to, and what tells their elements apart. All others are wholly the program's. */
const listKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
};

/**
 * What the inputs would have to be for the object as it is now: what was set, with the values of today. What controllers and
 * the API server added is left out, and what only is spelled another way keeps the spelling of the program.
 *
 * @param recorded the object as the state has it: what was missing already then is no drift
 */
export function currentInputs(live: PropertyMap, inputs: PropertyMap, recorded: PropertyMap): PropertyMap {
  return pruneMap(live, inputs, recorded, []);
}

function pruneMap(live: PropertyMap, inputs: PropertyMap, recorded: Value | undefined, path: Path): PropertyMap {
  const pruned: PropertyMap = {};
  for (const [key, input] of Object.entries(inputs)) {
    const before = isPropertyMap(recorded) ? recorded[key] : undefined;
    const value = prune(live[key], input, before, [...path, key]);
    if (value !== undefined) pruned[key] = value;
  }
  return pruned;
}

function prune(live: Value | undefined, input: Value, recorded: Value | undefined, path: Path): Value | undefined {
  if (input instanceof Unknown) return live;
  if (input instanceof Secret) return pruneSecret(live, input, recorded, path);
  // An empty text leaves the choice to the API server: `clusterIP: ""`.
  if (same(path, live, input) || (input === '' && isAbsent(path, input))) return input;
  if (live === undefined) return recorded === undefined && isNothing(input, path) ? input : undefined;
  if (isPropertyMap(live) && isPropertyMap(input)) return pruneMap(live, input, plain(recorded), path);
  if (Array.isArray(live) && Array.isArray(input)) return pruneList(live, input, plain(recorded), path);
  return live;
}

function pruneSecret(
  live: Value | undefined,
  input: Secret,
  recorded: Value | undefined,
  path: Path,
): Value | undefined {
  const value = prune(live, input.value, plain(recorded), path);
  if (value === undefined) return undefined;
  return same(path, value, input) ? input : new Secret(value);
}

function pruneList(live: Value[], input: Value[], recorded: Value | undefined, path: Path): Value[] {
  const before = Array.isArray(recorded) ? recorded : [];
  const key = listKeys[String(path.at(-1))];
  const keyed = key === undefined ? undefined : pruneByKey(live, input, before, path, key);
  if (keyed) return keyed;
  if (live.length !== input.length) return live;
  return input.flatMap((item, i) => prune(live[i], item, before[i], [...path, i]) ?? []);
}

/** In the order of the program; undefined where the elements cannot be told apart. */
function pruneByKey(live: Value[], input: Value[], recorded: Value[], path: Path, key: string): Value[] | undefined {
  const liveByKey = byKey(live, key);
  const inputByKey = byKey(input, key);
  if (!liveByKey || !inputByKey) return undefined;
  const recordedByKey = byKey(recorded, key);
  return [...inputByKey].flatMap(([name, item], i) => {
    return prune(liveByKey.get(name), item, recordedByKey?.get(name), [...path, i]) ?? [];
  });
}

function byKey(list: Value[], key: string): Map<Value, Value> | undefined {
  const map = new Map<Value, Value>();
  for (const item of list) {
    const name = isPropertyMap(item) ? plain(item[key]) : undefined;
    if (typeof name !== 'string' || map.has(name)) return undefined;
    map.set(name, item);
  }
  return map;
}

const plain = (value: Value | undefined) => (value instanceof Secret ? value.value : value);

/** A value that the API server may well keep nothing of. */
function isNothing(value: Value, path: Path): boolean {
  if (isAbsent(path, value) || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPropertyMap(value) && Object.entries(value).every(([key, item]) => isNothing(item, [...path, key]));
}

const serverFields =
  'creationTimestamp deletionGracePeriodSeconds deletionTimestamp generation managedFields resourceVersion uid'.split(
    ' ',
  );

/** Inputs without what the API server alone decides. */
export const withoutServerFields = (inputs: PropertyMap): PropertyMap => withoutMetadata(inputs, serverFields);
