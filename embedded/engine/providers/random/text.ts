import { randomInt } from 'node:crypto';
import { PropertyMap } from '../../values/value';
import { InputRule, keepers, numberOf, textOf } from './kind';

/** A class of characters, the input that admits it and the one that demands some of it. */
interface CharacterClass {
  allow: string;
  minimum: string;
  characters: string;
}

const special = { allow: 'special', minimum: 'minSpecial' };
const defaultSpecial = '!@#$%&*()-_=+[]{}<>:?';

const classes: CharacterClass[] = [
  { allow: 'upper', minimum: 'minUpper', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { allow: 'lower', minimum: 'minLower', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { allow: 'numeric', minimum: 'minNumeric', characters: '0123456789' },
];

const classesFor = (inputs: PropertyMap): CharacterClass[] => [
  ...classes,
  { ...special, characters: textOf(inputs, 'overrideSpecial') || defaultSpecial },
];

const flag: InputRule = { type: 'boolean', default: true };
const minimum: InputRule = { type: 'number', default: 0 };

/** The inputs of RandomPassword and RandomString. `number` is the old name of `numeric`. */
export const textInputs: Record<string, InputRule> = {
  keepers,
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

/** The inputs with `number` and `numeric` agreed. */
export function withNumeric(inputs: PropertyMap): PropertyMap {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return { ...inputs, numeric, number: numeric };
}

export function validateText(inputs: PropertyMap): Record<string, string> {
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
export function randomText(inputs: PropertyMap): string {
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
