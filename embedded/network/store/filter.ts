import type { Document } from './collection';

type Operator = (value: unknown, operand: unknown) => boolean;

const operators: Readonly<Partial<Record<string, Operator>>> = {
  $eq: equals,
  $ne: (value, operand) => !equals(value, operand),
  $gt: inOrder((difference) => difference > 0),
  $gte: inOrder((difference) => difference >= 0),
  $lt: inOrder((difference) => difference < 0),
  $lte: inOrder((difference) => difference <= 0),
  $in: (value, operand) => asList(operand).some((wanted) => equals(value, wanted)),
  $nin: (value, operand) => !asList(operand).some((unwanted) => equals(value, unwanted)),
  $exists: (value, operand) => (value !== undefined) === Boolean(operand),
  $regex: (value, operand) =>
    asList(value).some((text) => typeof text === 'string' && new RegExp(String(operand)).test(text)),
};

/**
 * Whether a document matches a MongoDB filter: equality, dotted paths, `$and`, `$or` and the common operators.
 * @throws Error naming an operator that is not known
 */
export function matches(document: unknown, filter: unknown): boolean {
  if (!isObject(filter)) throw new Error('filter must be an object');
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and') return asList(condition).every((part) => matches(document, part));
    if (key === '$or') return asList(condition).some((part) => matches(document, part));
    if (key.startsWith('$')) throw new Error(`unknown top level operator: ${key}`);
    return meets(valueAt(document, key), condition);
  });
}

function meets(value: unknown, condition: unknown): boolean {
  if (!isObject(condition) || !Object.keys(condition).some((key) => key.startsWith('$')))
    return equals(value, condition);
  return Object.entries(condition).every(([name, operand]) => {
    const operator = operators[name];
    if (!operator) throw new Error(`unknown operator: ${name}`);
    return operator(value, operand);
  });
}

/** As in MongoDB a list equals a value that it contains, and a missing value equals null. */
function equals(value: unknown, wanted: unknown): boolean {
  if (JSON.stringify(value ?? null) === JSON.stringify(wanted ?? null)) return true;
  return Array.isArray(value) && value.some((element) => JSON.stringify(element) === JSON.stringify(wanted));
}

/** Values of different types are in no order. */
function inOrder(isInOrder: (difference: number) => boolean): Operator {
  return (value, operand) => {
    if (typeof value === 'number' && typeof operand === 'number') return isInOrder(value - operand);
    if (typeof value !== 'string' || typeof operand !== 'string') return false;
    return isInOrder(value === operand ? 0 : value < operand ? -1 : 1);
  };
}

/** The value at a dotted path. */
export function valueAt(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

export function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
