import { randomBytes } from 'node:crypto';
import type { PropertyMap } from '../../values/value';
import { type Json, type JsonMap, at, isJsonMap, listAt, mapAt, textAt } from '../../../../kubernetes-api';
import { MEMORY } from './outputs';

/** The entries of `metadata.managedFields`. */
const managedFieldsOf = (object: JsonMap): JsonMap[] => listAt(object, 'metadata', 'managedFields').filter(isJsonMap);

/** Those of the object itself, without the ones of its status. */
const ownFieldsOf = (object: JsonMap) => managedFieldsOf(object).filter((entry) => textAt(entry, 'subresource') === '');

const managerOf = (entry: JsonMap) => textAt(entry, 'manager');

/** The name under which a resource's fields are owned: the state's, or a new one. */
export function fieldManagerOf(state: PropertyMap = {}): string {
  const known = state[MEMORY.fieldManager];
  return typeof known === 'string' && known !== '' ? known : `pulumi-kubernetes-${randomBytes(4).toString('hex')}`;
}

export const isManagedBy = (object: JsonMap, manager: string) =>
  managedFieldsOf(object).some((entry) => managerOf(entry) === manager);

/** Whether nobody had set a field of the object before the manager did: then the manager created it. */
export function wasCreatedBy(object: JsonMap, manager: string): boolean {
  const time = (entry: JsonMap) => Date.parse(textAt(entry, 'time'));
  const entries = ownFieldsOf(object);
  const first = entries.find((entry) => managerOf(entry) === manager && entry.operation === 'Apply');
  return first !== undefined && entries.every((entry) => time(entry) >= time(first));
}

/** Who set fields of the object, but for its status. */
export const managersOf = (object: JsonMap): string[] => [...new Set(ownFieldsOf(object).map(managerOf))];

/** Names under which releases of pulumi-kubernetes create objects: by an update, not by an apply. */
const pulumiManagers = ['pulumi-kubernetes', 'pulumi-kubernetes.exe', 'pulumi-resource-kubernetes'];

/** Whether a field that the manager owns by an update is really the resource's own. */
export const isOwnManager = (manager: string, fieldManager: string) =>
  manager === fieldManager || pulumiManagers.includes(manager);

/**
 * A JSON patch that turns what pulumi set by updates into fields applied by the resource's manager. Without it, the object
 * would keep a field that left the program: an apply removes only what its manager applied before.
 *
 * @returns undefined where there is nothing to turn
 */
export function adoptOwnUpdates(object: JsonMap, fieldManager: string): Json[] | undefined {
  const ofObject = ownFieldsOf(object).filter((entry) => entry.apiVersion === object.apiVersion);
  const updates = ofObject.filter(
    (entry) => entry.operation === 'Update' && isOwnManager(managerOf(entry), fieldManager),
  );
  if (updates.length === 0) return undefined;
  const applied = ofObject.filter((entry) => entry.operation === 'Apply' && managerOf(entry) === fieldManager);
  const turned = [...applied, ...updates];
  const merged: JsonMap = {
    ...turned[0],
    manager: fieldManager,
    operation: 'Apply',
    fieldsV1: turned.map((entry) => mapAt(entry, 'fieldsV1')).reduce(mergeFields),
  };
  const others = managedFieldsOf(object).filter((entry) => !turned.includes(entry));
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [...others, merged] },
    // Refused if anybody changed the object meanwhile.
    { op: 'replace', path: '/metadata/resourceVersion', value: textAt(object, 'metadata', 'resourceVersion') },
  ];
}

/** The union of two field sets; both are trees of nested objects. */
function mergeFields(a: JsonMap, b: JsonMap): JsonMap {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const mine = merged[key];
    merged[key] = isJsonMap(mine) && isJsonMap(value) ? mergeFields(mine, value) : value;
  }
  return merged;
}

/** Whether the manager, or only others, own the field at a path of plain keys. */
export function ownersOf(object: JsonMap, path: string[], fieldManager: string): { own: boolean; others: boolean } {
  const keys = path.map((key) => `f:${key}`);
  const owners = managedFieldsOf(object).filter((entry) => at(entry, 'fieldsV1', ...keys) !== undefined);
  const isOwn = owners.map((entry) => isOwnManager(managerOf(entry), fieldManager));
  return { own: isOwn.includes(true), others: isOwn.includes(false) };
}
