import { parseQuantity } from '../../../../infra/config';

test.each([
  ['10Gi', 10 * 2 ** 30],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['128M', 128e6],
  ['250m', 0.25],
  ['2', 2],
  ['.5', 0.5],
  ['1e3', 1000],
  ['12E2', 1200],
  ['2E', 2e18],
  ['-1Ki', -1024],
])('%s is %d', (text, value) => {
  expect(parseQuantity(text)).toBeCloseTo(value);
});

test.each(['', 'Gi', '10GB', '10gi', '1 Gi', '1Gi ', '1.2.3', '0x10', '1KiB', 'e3'])('%j is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});
