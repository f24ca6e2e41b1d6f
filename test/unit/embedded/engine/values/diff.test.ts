import { diff } from '../../../../../embedded/engine/values/diff';
import { Secret, unknown } from '../../../../../embedded/engine/values/value';

test('names every leaf that differs by its path', () => {
  const old = {
    spec: { replicas: 3, list: [{ image: 'a' }, { image: 'b' }], gone: { deep: 1 } },
    same: [{}, null],
    kind: { a: 1 },
  };
  const next = {
    spec: { replicas: 5, list: [{ image: 'a' }, { image: 'c' }, { image: 'd' }] },
    same: [{}, null],
    kind: [1],
    labels: { 'a/b': 'c' },
  };
  expect(diff(old, next)).toEqual({
    'spec.replicas': 'update',
    'spec.list[1].image': 'update',
    'spec.list[2]': 'add',
    'spec.gone': 'delete',
    kind: 'update',
    labels: 'add',
  });
});

test('a secret changes as a whole, an unknown always', () => {
  const old = { secret: new Secret({ a: 1, b: 2 }), same: new Secret('x'), exposed: new Secret('y'), later: 1 };
  const next = { secret: new Secret({ a: 1, b: 3 }), same: new Secret('x', 'v1:…'), exposed: 'y', later: unknown };
  expect(diff(old, next)).toEqual({ secret: 'update', exposed: 'update', later: 'update' });
});
