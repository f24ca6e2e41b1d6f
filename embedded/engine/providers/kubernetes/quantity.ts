/** Multipliers of Kubernetes quantities (`500m`, `10Gi`), as exact fractions. */
const suffixes: Record<string, readonly [bigint, bigint]> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 1000n],
  '': [1n, 1n],
  k: [1000n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [1n << 10n, 1n],
  Mi: [1n << 20n, 1n],
  Gi: [1n << 30n, 1n],
  Ti: [1n << 40n, 1n],
  Pi: [1n << 50n, 1n],
  Ei: [1n << 60n, 1n],
};

const QUANTITY = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** Whether two spellings are the same quantity: `0.5` and `500m`, `1024Mi` and `1Gi`. */
export function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return left !== undefined && right !== undefined && left[0] * right[1] === right[0] * left[1];
}

function parseQuantity(text: string): readonly [bigint, bigint] | undefined {
  const match = QUANTITY.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = match;
  const [numerator, denominator] = suffixes[suffix] ?? [1n, 1n];
  const scale = BigInt(fraction.length) - BigInt(exponent);
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  return scale >= 0n
    ? [digits * numerator, denominator * 10n ** scale]
    : [digits * numerator * 10n ** -scale, denominator];
}
