import { randomInt } from 'node:crypto';
import type { PropertyMap, Value } from '../../values/value';

export interface InputRule {
  type: 'number' | 'boolean' | 'string' | 'map';
  required?: boolean;
  default?: Value;
}

const flag: InputRule = { type: 'boolean', default: true };
const minimum: InputRule = { type: 'number', default: 0 };

/** The inputs of a password, as the real provider has them. `number` is the old name of `numeric`. */
export const passwordInputs: Record<string, InputRule> = {
  /** Values that stand for the surroundings in which a password is good: other ones, another password. */
  keepers: { type: 'map' },
  length: { type: 'number', required: true },
  lower: flag,
  minLower: minimum,
  minNumeric: minimum,
  minSpecial: minimum,
  minUpper: minimum,
  number: { type: 'boolean' },
  numeric: { type: 'boolean' },
  overrideSpecial: { type: 'string' },
  special: flag,
  upper: flag,
};

/** A class of characters, the input that admits it and the one that demands some of it. */
interface CharacterClass {
  allow: string;
  minimum: string;
  characters: string;
}

const DEFAULT_SPECIAL = '!@#$%&*()-_=+[]{}<>:?';

const classesFor = (inputs: PropertyMap): CharacterClass[] => [
  { allow: 'upper', minimum: 'minUpper', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { allow: 'lower', minimum: 'minLower', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { allow: 'numeric', minimum: 'minNumeric', characters: '0123456789' },
  { allow: 'special', minimum: 'minSpecial', characters: textOf(inputs, 'overrideSpecial') || DEFAULT_SPECIAL },
];

/** What the rules between inputs forbid: by input, the reason. */
export function validatePassword(inputs: PropertyMap): Record<string, string> {
  const problems: Record<string, string> = {};
  const length = numberOf(inputs, 'length');
  const demanded = classesFor(inputs).reduce((sum, { minimum: key }) => sum + numberOf(inputs, key), 0);
  if (!Number.isInteger(length) || length < 1) problems.length = `${length} is not a whole number above 0`;
  else if (length < demanded) {
    problems.length = `${length} is less than the ${demanded} characters that minUpper, minLower, minNumeric and minSpecial demand`;
  }
  const admitted = classesFor(inputs).some(({ allow }) => inputs[allow] === true);
  if (!admitted && length > demanded)
    problems.upper = 'upper, lower, numeric and special are all false: no characters are left';
  return problems;
}

/** A text of the wished length, each character drawn with the same chance, in an order of chance. */
export function drawPassword(inputs: PropertyMap): string {
  const all = classesFor(inputs);
  const admitted = all.filter(({ allow }) => inputs[allow] === true).map(({ characters }) => characters);
  const demanded = all.flatMap(({ minimum: key, characters }) => draw(characters, numberOf(inputs, key)));
  return shuffle([...demanded, ...draw(admitted.join(''), numberOf(inputs, 'length') - demanded.length)]).join('');
}

const draw = (characters: string, count: number) =>
  Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));

/** Fisher and Yates's shuffle. */
function shuffle(items: string[]): string[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] ?? '', shuffled[i] ?? ''];
  }
  return shuffled;
}

function numberOf(inputs: PropertyMap, key: string): number {
  const value = inputs[key];
  return typeof value === 'number' ? value : 0;
}

function textOf(inputs: PropertyMap, key: string): string {
  const value = inputs[key];
  return typeof value === 'string' ? value : '';
}
