import { randomBytes } from 'node:crypto';
import type { PropertyMap } from '../../values/value';
import { type Json, type JsonMap, at, isJsonMap, listAt, textAt } from '../../../../kubernetes-api';
import { MEMORY } from './outputs';

/** One entry of `metadata.managedFields`. */
interface ManagedFields {
  manager: string;
  operation: string;
  subresource: string;
  apiVersion: string;
  /** Seconds since 1970. */
  time: number;
  fields: JsonMap;
  entry: JsonMap;
}

function managedFieldsOf(object: JsonMap): ManagedFields[] {
  return listAt(object, 'metadata', 'managedFields')
    .filter(isJsonMap)
    .map((entry) => ({
      manager: textAt(entry, 'manager'),
      operation: textAt(entry, 'operation'),
      subresource: textAt(entry, 'subresource'),
      apiVersion: textAt(entry, 'apiVersion'),
      time: Date.parse(textAt(entry, 'time')) / 1000,
      fields: isJsonMap(entry.fieldsV1) ? entry.fieldsV1 : {},
      entry,
    }));
}

/** The name under which a resource's fields are owned: the state's, or a new one. */
export function fieldManagerOf(state: PropertyMap = {}): string {
  const known = state[MEMORY.fieldManager];
  return typeof known === 'string' && known !== '' ? known : `pulumi-kubernetes-${randomBytes(4).toString('hex')}`;
}

export const isManagedBy = (object: JsonMap, manager: string) =>
  managedFieldsOf(object).some((entry) => entry.manager === manager);

/** Whether nobody had set a field of the object before the manager did: then the manager created it. */
export function wasCreatedBy(object: JsonMap, manager: string): boolean {
  const entries = managedFieldsOf(object).filter(({ subresource }) => subresource === '');
  const first = entries.find((entry) => entry.manager === manager && entry.operation === 'Apply');
  return first !== undefined && entries.every((entry) => entry.time >= first.time);
}

/** Who set fields of the object, but for its status. */
export function managersOf(object: JsonMap): string[] {
  const entries = managedFieldsOf(object).filter(({ subresource }) => subresource === '');
  return [...new Set(entries.map(({ manager }) => manager))];
}

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
  const all = managedFieldsOf(object);
  const apiVersion = textAt(object, 'apiVersion');
  const ofObject = all.filter((entry) => entry.subresource === '' && entry.apiVersion === apiVersion);
  const updates = ofObject.filter((entry) => entry.operation === 'Update' && isOwnManager(entry.manager, fieldManager));
  const [newest] = updates;
  if (!newest) return undefined;
  const applied = ofObject.find((entry) => entry.operation === 'Apply' && entry.manager === fieldManager);
  const merged: JsonMap = {
    ...(applied ?? newest).entry,
    manager: fieldManager,
    operation: 'Apply',
    fieldsV1: [...(applied ? [applied] : []), ...updates].map(({ fields }) => fields).reduce(mergeFields),
  };
  const others = all.filter((entry) => entry !== applied && !updates.includes(entry)).map(({ entry }) => entry);
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
  const owners = managedFieldsOf(object).filter(({ fields }) => at(fields, ...keys) !== undefined);
  return {
    own: owners.some(({ manager }) => isOwnManager(manager, fieldManager)),
    others: owners.some(({ manager }) => !isOwnManager(manager, fieldManager)),
  };
}
