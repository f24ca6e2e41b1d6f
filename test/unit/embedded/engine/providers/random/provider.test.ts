import { RandomProvider } from '../../../../../../embedded/engine/providers/random/provider';
import { type PropertyMap, Secret, Unknown, reveal } from '../../../../../../embedded/engine/values/value';

const provider = new RandomProvider();

const callFor = (kind: string) => ({
  urn: '',
  type: `random:index/random${kind}:Random${kind}`,
  name: 'it',
  signal: new AbortController().signal,
  status: () => undefined,
  warn: () => undefined,
});

const create = (kind: string, inputs: PropertyMap, preview = false) =>
  provider.create({ ...callFor(kind), inputs, timeout: 0, preview, noteIntent: () => Promise.resolve() });

const check = async (kind: string, newInputs: PropertyMap) =>
  (await provider.check({ ...callFor(kind), oldInputs: {}, newInputs })).failures;

const diff = (kind: string, oldInputs: PropertyMap, newInputs: PropertyMap) =>
  provider.diff({ ...callFor(kind), id: 'none', oldInputs, oldOutputs: {}, newInputs });

const text = (outputs: PropertyMap) => reveal(outputs.result ?? null) as string;

test('a password has the outputs of the real provider, the value in secret', async () => {
  const { id, outputs } = await create('Password', { length: 20, special: false });
  expect(id).toBe('none');
  expect(text(outputs)).toMatch(/^[A-Za-z0-9]{20}$/);
  const { result, ...rest } = outputs;
  expect(result).toBeInstanceOf(Secret);
  expect(rest).toEqual({
    id: 'none',
    length: 20,
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    number: true,
    numeric: true,
    special: false,
    upper: true,
  });
});

test('every character is drawn about as often as any other', async () => {
  const result = text((await create('Password', { length: 36_000, upper: false, special: false })).outputs);
  const counts = new Map<string, number>();
  for (const character of result) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(36);
  // Six standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(190);
});

test('nothing is drawn in a preview', async () => {
  const { outputs } = await create('Password', { length: 20 }, true);
  expect(outputs.result).toEqual(new Secret(expect.any(Unknown) as Unknown));
  expect(outputs.length).toBe(20);
});

test('any other input makes another value, an explicit default does not', async () => {
  expect(await diff('Password', { length: 20 }, { length: 21 })).toMatchObject({
    changes: true,
    replaces: ['length'],
    detailed: { length: 'update-replace' },
  });
  expect(await diff('Password', { length: 20 }, { length: 20, special: true, numeric: true })).toMatchObject({
    changes: false,
  });
});

test('what cannot be made is refused, naming the input', async () => {
  expect(await check('Password', {})).toEqual([{ property: 'length', reason: 'missing' }]);
  expect(await check('Password', { length: '20' })).toEqual([{ property: 'length', reason: 'expected a number' }]);
  expect(await check('Password', { length: 0 })).toMatchObject([{ property: 'length' }]);
  expect(await check('Password', { length: 3, minUpper: 2 })).toMatchObject([{ property: 'minUpper' }]);
  const nothing = { length: 3, upper: false, lower: false, numeric: false, special: false };
  expect(await check('Password', nothing)).toMatchObject([{ property: 'upper' }]);
  expect(await check('Password', { length: 3, lenght: 3 })).toMatchObject([{ property: 'lenght' }]);
  expect(await check('Pet', {})).toMatchObject([
    { reason: expect.stringMatching(/RandomPet is not.*RandomPassword/) as string },
  ]);
});

test('a value lives in the state', async () => {
  const state = { ...callFor('Password'), id: 'none', inputs: { length: 3 }, outputs: { result: new Secret('abc') } };
  expect(await provider.read(state)).toEqual({ id: 'none', inputs: state.inputs, outputs: state.outputs });
});
