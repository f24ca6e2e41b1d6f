import { randomInt } from 'node:crypto';
import { type PropertyMap, Secret, Unknown, type Value } from '../../values/value';

/** Classes of characters, as the real provider has them, by the input that admits one. */
const CLASSES: Record<string, string> = {
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  lower: 'abcdefghijklmnopqrstuvwxyz',
  numeric: '0123456789',
  special: '!@#$%&*()-_=+[]{}<>:?',
};

const known = ['length', ...Object.keys(CLASSES)];

/** What is wrong with inputs: by input, the reason. What is not known yet is not looked at. */
export function findProblems(inputs: PropertyMap): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [key, value] of Object.entries(inputs)) {
    const type = key === 'length' ? 'number' : 'boolean';
    if (!known.includes(key)) {
      problems[key] =
        `known here are ${known.join(', ')}. Leave it out, or use the pulumi CLI with the official random provider`;
    } else if (!hasType(value, type)) problems[key] = `expected a ${type}`;
  }
  const { length } = inputs;
  if (length === undefined) problems.length = 'missing';
  if (typeof length === 'number' && (!Number.isInteger(length) || length < 1)) {
    problems.length = `${length} is not a whole number above 0`;
  }
  if (Object.keys(CLASSES).every((key) => inputs[key] === false)) {
    problems.upper = 'upper, lower, numeric and special are all false: no characters are left';
  }
  return problems;
}

function hasType(value: Value, type: 'number' | 'boolean'): boolean {
  const plain = value instanceof Secret ? value.value : value;
  return plain === null || plain instanceof Unknown || typeof plain === type;
}

/**
 * The inputs with what they leave out, as the real provider keeps them: an explicit default is no change, `number` is the old
 * name of `numeric`, and the minimums that this engine does not know are 0.
 */
export function complete(inputs: PropertyMap): PropertyMap {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
  const { numeric = true } = given;
  const minimums = { minLower: 0, minNumeric: 0, minSpecial: 0, minUpper: 0 };
  return { lower: true, special: true, upper: true, ...minimums, ...given, numeric, number: numeric };
}

/**
 * A text of the wished length, each character drawn with the same chance.
 *
 * @param inputs complete, and in plain text
 */
export function drawPassword(inputs: PropertyMap): string {
  const admitted = Object.entries(CLASSES).filter(([key]) => inputs[key] === true);
  const characters = admitted.map(([, ofClass]) => ofClass).join('');
  const draw = () => characters.charAt(randomInt(characters.length));
  return Array.from({ length: Number(inputs.length) }, draw).join('');
}
