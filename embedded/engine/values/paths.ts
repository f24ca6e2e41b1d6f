import { UserError } from '../../shared/errors';
import { type PropertyMap, Secret, type Value, isPropertyMap } from './value';

/** Keys of objects and indexes of lists from the outside in. */
export type Path = readonly (string | number)[];

/**
 * Reads a property path as Pulumi writes it: `spec.containers[0].image`, `metadata.annotations["pulumi.com/x"]`.
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

const QUOTED_KEY = /^\.?\["((?:\\"|[^"])*)"\]/;
const INDEX = /^\.?\[(\d+)\]/;
const NAME = /^([^.[\]]+)/;
const DOTTED_NAME = /^\.([^.[\]]+)/;

function readStep(text: string, first: boolean): Step | undefined {
  const quoted = QUOTED_KEY.exec(text);
  if (quoted?.[1] !== undefined) return { element: quoted[1].replaceAll('\\"', '"'), length: quoted[0].length };
  const index = INDEX.exec(text);
  if (index) return { element: Number(index[1]), length: index[0].length };
  const named = (first ? NAME : DOTTED_NAME).exec(text);
  return named?.[1] === undefined ? undefined : { element: named[1], length: named[0].length };
}

function refuse(text: string, rest: string): never {
  const where = rest === '' ? 'it is empty' : `it cannot be read from "${rest}" on`;
  throw new UserError(
    `property path "${text}": ${where}; write it as in spec.containers[0].image or metadata.labels["a.b/c"]`,
  );
}

/**
 * Writes a path as the CLI does.
 *
 * @param plain keys that are not quoted; default: of letters, digits and `_`
 */
export function formatPath(path: Path, plain = /^\w+$/): string {
  let text = '';
  for (const element of path) {
    if (typeof element === 'number') text += `[${element}]`;
    else if (!plain.test(element)) text += `["${element.replaceAll('"', '\\"')}"]`;
    else text += text === '' ? element : `.${element}`;
  }
  return text;
}

/** The value at a path, seen through secrets; undefined where there is none. */
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

/** A copy of the map with the value at a path; objects and lists on the way are made where they are missing. */
export function setPath(map: PropertyMap, path: Path, value: Value): PropertyMap {
  const [element, ...rest] = path;
  return element === undefined ? map : { ...map, [element]: setIn(child(map, element), rest, value) };
}

function setIn(old: Value | undefined, path: Path, value: Value): Value {
  const [element, ...rest] = path;
  if (element === undefined) return value;
  if (old instanceof Secret) return new Secret(setIn(old.value, path, value));
  if (typeof element === 'string') return setPath(isPropertyMap(old) ? old : {}, path, value);
  const list = Array.isArray(old) ? old : [];
  return list.toSpliced(element, 1, setIn(list[element], rest, value));
}
