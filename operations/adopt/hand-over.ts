import { ADOPTING_MANAGER } from '../../infra/workload/adopting-manager';
import { type Json, type JsonMap, isJsonMap, listAt, mapAt, textAt } from '../../kubernetes-api';

/** What `make adopt` makes of an object that is there. */
export type HandOver =
  | { state: 'done' }
  /** A JSON patch of its metadata alone. */
  | { state: 'open'; patch: Json[] }
  /** Somebody else looks after it. */
  | { state: 'foreign'; owner: string };

/** How kubectl signs what it sets. What `kubectl rollout restart` notes in a pod stays, for without it the pod would restart. */
const INSTALLER = /^(kubectl(?!-rollout)|before-first-apply$)/;

/** Whose objects are not to be taken over by a change of names. */
const KEEPERS = /^(pulumi-|helm$|argocd|flux|kustomize-controller)/;

/**
 * Turns what kubectl has set of an object into what {@link ADOPTING_MANAGER} has applied, and changes nothing else of it. The
 * next apply of that manager then removes what it does not name, where otherwise upstream's value stays beside the new one.
 */
export function handOver(object: JsonMap): HandOver {
  const entries = listAt(object, 'metadata', 'managedFields').filter(isJsonMap);
  const keeper = entries.map(managerOf).find((manager) => KEEPERS.test(manager));
  if (keeper !== undefined) return { state: 'foreign', owner: keeper };
  const ofInstaller = entries.filter((entry) => isOf(entry, object) && INSTALLER.test(managerOf(entry)));
  const own = entries.filter((entry) => isOf(entry, object) && isApplied(entry));
  if (ofInstaller.length === 0 && own.length > 0) return { state: 'done' };
  const turned = [...own, ...ofInstaller];
  const others = entries.filter((entry) => !turned.includes(entry));
  return { state: 'open', patch: patchTo(object, [...others, appliedOf(object, turned)]) };
}

function patchTo(object: JsonMap, managedFields: JsonMap[]): Json[] {
  return [
    // Refused if anybody has changed the object meanwhile.
    { op: 'test', path: '/metadata/resourceVersion', value: textAt(object, 'metadata', 'resourceVersion') },
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
  ];
}

const managerOf = (entry: JsonMap) => textAt(entry, 'manager');
const isApplied = (entry: JsonMap) => managerOf(entry) === ADOPTING_MANAGER && entry.operation === 'Apply';

/** Neither of its status nor in another version of its API. */
const isOf = (entry: JsonMap, object: JsonMap) =>
  textAt(entry, 'subresource') === '' && entry.apiVersion === object.apiVersion;

function appliedOf(object: JsonMap, entries: readonly JsonMap[]): JsonMap {
  return {
    manager: ADOPTING_MANAGER,
    operation: 'Apply',
    apiVersion: textAt(object, 'apiVersion'),
    fieldsType: 'FieldsV1',
    fieldsV1: entries.map((entry) => mapAt(entry, 'fieldsV1')).reduce(merged, { 'f:metadata': {} }),
  };
}

/** The union of two sets of fields, which are trees. */
function merged(one: JsonMap, other: JsonMap): JsonMap {
  const both = Object.entries(other).map(([key, value]) => {
    const mine = one[key];
    return [key, isJsonMap(mine) && isJsonMap(value) ? merged(mine, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}
