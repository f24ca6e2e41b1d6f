import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BUGS } from '../../../../embedded/network';

const contract = readFileSync(path.join(__dirname, '../../../../embedded/network/CONTRACT.md'), 'utf8');

/** Facts as CONTRACT.md numbers them. */
const facts = [...contract.matchAll(/^(\d+)\. (.*)$/gm)].map(([, number, text = '']) => ({
  number: Number(number),
  bug: /\(`(\w+)`\)/.exec(text)?.[1],
}));

const tests = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && file !== 'contract.test.ts')
  .map((file) => readFileSync(path.join(__dirname, file), 'utf8'))
  .join('\n');

/** Numbers that tests name: in their own names, or by the bug that they probe. */
const tested = new Set([
  ...[...tests.matchAll(/CONTRACT (\d+(?:, \d+)*)/g)].flatMap(([, list = '']) => list.split(', ').map(Number)),
  ...Object.values(BUGS).map(({ fact }) => fact),
]);

it('the facts of CONTRACT.md are numbered without a gap', () => {
  expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
  expect(facts.length).toBeGreaterThan(50);
});

it('every fact of CONTRACT.md has a test that names it, and every test a fact', () => {
  const numbers = facts.map(({ number }) => number);
  expect(numbers.filter((number) => !tested.has(number))).toEqual([]);
  expect([...tested].filter((number) => !numbers.includes(number))).toEqual([]);
});

it('every bug is named by its fact', () => {
  const named = facts.flatMap(({ number, bug }) => (bug === undefined ? [] : [[bug, number] as const]));
  expect(Object.fromEntries(named)).toEqual(
    Object.fromEntries(Object.entries(BUGS).map(([bug, { fact }]) => [bug, fact])),
  );
});
