import { UserError } from '../../shared/errors';
import { PropertyMap, Secret, Value, isPropertyMap } from './value';

/** Keys of objects and indexes of lists from the outside in; `*` stands for every key or index. */
export type Path = readonly (string | number)[];

export const wildcard = '*';

/**
 * Reads a property path as Pulumi writes it: `spec.containers[0].image`, `metadata.annotations["pulumi.com/x"]`,
 * `containers[*].image`, `*`.
 *
 * @throws UserError that names the path and what is wrong with it
 */
export function parsePath(text: string): Path {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const step = readStep(rest, path.length === 0) ?? refuse(text, rest);
    path.push(step.element);
    rest = rest.slice(step.length);
  }
  return path.length > 0 ? path : refuse(text, rest);
}

interface Step {
  element: string | number;
  length: number;
}

const quotedKey = /^\.?\["((?:\\"|[^"])*)"\]/;
const bracketed = /^\.?\[(\d+|\*)\]/;
const name = /^([^.[\]]+)/;
const dottedName = /^\.([^.[\]]+)/;

function readStep(text: string, first: boolean): Step | undefined {
  const quoted = quotedKey.exec(text);
  if (quoted?.[1] !== undefined) return { element: quoted[1].replaceAll('\\"', '"'), length: quoted[0].length };
  const index = bracketed.exec(text);
  if (index?.[1] !== undefined) {
    return { element: index[1] === wildcard ? wildcard : Number(index[1]), length: index[0].length };
  }
  const named = (first ? name : dottedName).exec(text);
  return named?.[1] === undefined ? undefined : { element: named[1], length: named[0].length };
}

function refuse(text: string, rest: string): never {
  const where = rest === '' ? 'it is empty' : `it cannot be read from "${rest}" on`;
  throw new UserError(
    `property path "${text}": ${where}; write it as in spec.containers[0].image or metadata.labels["a.b/c"]`,
  );
}

/** Writes a path as the CLI does; keys of other characters than letters, digits and `_` are quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const element of path) {
    if (typeof element === 'number') text += `[${element}]`;
    else if (!/^\w+$/.test(element)) text += `["${element.replaceAll('"', '\\"')}"]`;
    else text += text === '' ? element : `.${element}`;
  }
  return text;
}

/** Whether `inner` is `outer` or lies inside it: `spec.*.image` contains `spec.a.image.tag`. */
export function containsPath(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((element, i) => element === wildcard || element === inner[i]);
}

/** The value at a path without wildcards, seen through secrets; undefined where there is none. */
export function getPath(map: PropertyMap, path: Path): Value | undefined {
  let value: Value | undefined = map;
  for (const element of path) value = child(value, element);
  return value;
}

/** What stands under a key or index of a value, seen through secrets. */
export function child(value: Value | undefined, element: string | number): Value | undefined {
  if (value instanceof Secret) return child(value.value, element);
  if (Array.isArray(value)) return typeof element === 'number' ? value[element] : undefined;
  if (!isPropertyMap(value) || !Object.hasOwn(value, element)) return undefined;
  return value[element];
}

/**
 * A copy of the map with the value at the path, objects on the way made where they are missing. Wildcards and list indexes
 * mean only what exists; the map is returned as it is where the path leads through something else.
 */
export function setPath(map: PropertyMap, path: Path, value: Value): PropertyMap {
  return changeMap(map, path, () => value, true);
}

/** A copy of the map with what is at the path changed; `change` is asked for existing values only, once for each match. */
export function changePath(map: PropertyMap, path: Path, change: (value: Value) => Value): PropertyMap {
  return changeMap(map, path, (old) => (old === undefined ? undefined : change(old)), false);
}

/** A copy of the map without what is at the path; an element of a list becomes null, as its neighbours keep their places. */
export function deletePath(map: PropertyMap, path: Path): PropertyMap {
  return changeMap(map, path, () => undefined, false);
}

type Change = (old: Value | undefined) => Value | undefined;

function changeMap(map: PropertyMap, path: Path, change: Change, create: boolean): PropertyMap {
  const changed = changeAt(map, path, change, create);
  return isPropertyMap(changed) ? changed : map;
}

function changeAt(value: Value | undefined, path: Path, change: Change, create: boolean): Value | undefined {
  const [element, ...rest] = path;
  if (element === undefined) return change(value);
  if (value instanceof Secret) return new Secret(changeAt(value.value, path, change, create) ?? null);
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      element === wildcard || element === i ? (changeAt(item, rest, change, create) ?? null) : item,
    );
  }
  if (isPropertyMap(value)) return changeKeys(value, element, (old) => changeAt(old, rest, change, create));
  if (value === undefined && create && typeof element === 'string' && element !== wildcard) {
    return changeKeys({}, element, (old) => changeAt(old, rest, change, create));
  }
  return value;
}

function changeKeys(map: PropertyMap, element: string | number, change: Change): PropertyMap {
  const keys = element === wildcard ? Object.keys(map) : [String(element)];
  const copy = { ...map };
  for (const key of keys) {
    const changed = change(Object.hasOwn(map, key) ? map[key] : undefined);
    if (changed === undefined) Reflect.deleteProperty(copy, key);
    else copy[key] = changed;
  }
  return copy;
}
