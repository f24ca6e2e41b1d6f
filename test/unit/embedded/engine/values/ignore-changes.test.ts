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
  ['the new parent is of another kind', { a: 1 }, { a: { b: 1 } }, 'a.b'],
])('%s: refused with the path', (_, old, next, path) => {
  expect(() => ignoreChanges(next, old, ['fine', path])).toThrow(`cannot ignore changes to "${path}":`);
});
