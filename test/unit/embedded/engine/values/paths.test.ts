import { UserError } from '../../../../../embedded/shared/errors';
import { formatPath, getPath, parsePath, setPath } from '../../../../../embedded/engine/values/paths';
import { type PropertyMap, Secret } from '../../../../../embedded/engine/values/value';

test.each([
  ['spec', ['spec']],
  ['spec.template.spec.containers[0].image', ['spec', 'template', 'spec', 'containers', 0, 'image']],
  ['metadata.annotations["pulumi.com/x"]', ['metadata', 'annotations', 'pulumi.com/x']],
  ['["a \\"b\\""][1][2].c', ['a "b"', 1, 2, 'c']],
])('%s is read and written back', (text, path) => {
  expect(parsePath(text)).toEqual(path);
  expect(formatPath(path)).toBe(text);
});

test.each([
  ['a.["b.c"]', ['a', 'b.c']],
  ['with-dash.x', ['with-dash', 'x']],
])('%s is read', (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each(['', '.a', 'a.', 'a..b', 'a[', 'a["b]', 'a[b]', 'a[*]', 'a]b'])('%j is refused', (text) => {
  expect(() => parsePath(text)).toThrow(UserError);
  expect(() => parsePath(text)).toThrow(`property path "${text}"`);
});

const map: PropertyMap = { list: [{ image: 'a' }, { image: 'b' }], hidden: new Secret({ key: 'k' }) };

test('values are found through lists and secrets', () => {
  expect(getPath(map, parsePath('list[1].image'))).toBe('b');
  expect(getPath(map, parsePath('hidden.key'))).toBe('k');
  expect(getPath(map, parsePath('list[9].image'))).toBeUndefined();
  expect(getPath(map, ['toString'])).toBeUndefined();
});

test('a value is set in a copy, in lists and secrets too, and what is missing on the way is made', () => {
  const before = structuredClone(map.list);
  expect(setPath(map, parsePath('new.block'), 1)).toEqual({ ...map, new: { block: 1 } });
  expect(setPath(map, parsePath('list[1].image'), 'c').list).toEqual([{ image: 'a' }, { image: 'c' }]);
  expect(setPath(map, parsePath('hidden.key'), 'z').hidden).toEqual(new Secret({ key: 'z' }));
  expect(map.list).toEqual(before);
});
