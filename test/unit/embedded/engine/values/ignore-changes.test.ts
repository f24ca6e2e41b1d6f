import { ignoreChanges } from '../../../../../embedded/engine/values/ignore-changes';
import { type PropertyMap, Secret, unknown } from '../../../../../embedded/engine/values/value';

const cases: [string, PropertyMap, PropertyMap, string, PropertyMap][] = [
  [
    'a changed leaf is reset',
    { spec: { replicas: 3 } },
    { spec: { replicas: 5 } },
    'spec.replicas',
    { spec: { replicas: 3 } },
  ],
  ['a removed leaf comes back', { a: { b: 1 } }, { a: {} }, 'a.b', { a: { b: 1 } }],
  ['an added leaf is left out', { a: {} }, { a: { b: 1 } }, 'a.b', { a: {} }],
  ['missing on both sides is fine', { a: {} }, { a: { c: 1 } }, 'x.y.z', { a: { c: 1 } }],
  ['an index is reset', { l: [1, 2] }, { l: [3, 4] }, 'l[1]', { l: [3, 2] }],
  [
    'a wildcard reaches every item',
    { l: [{ i: 'a', n: 1 }, { i: 'b' }] },
    { l: [{ i: 'x', n: 2 }, { i: 'y' }] },
    'l[*].i',
    { l: [{ i: 'a', n: 2 }, { i: 'b' }] },
  ],
  [
    'a wildcard at the end takes all of the old',
    { m: { a: 1, b: 2 } },
    { m: { b: 3, c: 4 } },
    'm.*',
    { m: { a: 1, b: 2 } },
  ],
  ['a lone wildcard takes everything', { a: 1 }, { a: 2, b: 3 }, '*', { a: 1 }],
  [
    'a secret stays one when its old value comes back',
    { s: new Secret({ p: 'x' }) },
    { s: { p: 'y' } },
    's.p',
    { s: { p: new Secret('x') } },
  ],
  [
    'a secret parent covers what comes back',
    { s: { p: 'x' } },
    { s: new Secret({ p: 'y' }) },
    's.p',
    { s: new Secret({ p: 'x' }) },
  ],
  ['an unknown leaf is reset', { a: { b: 1 } }, { a: { b: unknown } }, 'a.b', { a: { b: 1 } }],
];

test.each(cases)('%s', (_, old, next, path, expected) => {
  const before = structuredClone({ keys: Object.keys(next) });
  expect(ignoreChanges(next, old, [path])).toEqual(expected);
  expect({ keys: Object.keys(next) }).toEqual(before);
});

test.each([
  ['the old parent is gone', { a: { b: { c: 1 } } }, { a: {} }, 'a.b.c'],
  ['a list has grown', { l: [1] }, { l: [1, 2] }, 'l[1]'],
  ['lists of different length under a wildcard', { l: [1] }, { l: [1, 2] }, 'l[*]'],
])('%s: refused with the path', (_, old, next, path) => {
  expect(() => ignoreChanges(next, old, ['fine', path])).toThrow(`cannot ignore changes to "${path}":`);
});
