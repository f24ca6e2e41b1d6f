import { sameQuantity } from '../../../../../../embedded/engine/providers/kubernetes/quantity';

test.each([
  ['0.5', '500m'],
  ['1024Mi', '1Gi'],
  ['1', '1000m'],
  ['1e3', '1k'],
  ['1.5Gi', '1536Mi'],
  ['100n', '0.1u'],
  ['2E', '2000P'],
])('%s is %s', (a, b) => {
  expect(sameQuantity(a, b)).toBe(true);
});

test.each([
  ['1G', '1Gi'],
  ['1', '1m'],
  ['one', 'one'],
  ['', ''],
  ['-1', '1'],
])('%s is not %s', (a, b) => {
  expect(sameQuantity(a, b)).toBe(false);
});
