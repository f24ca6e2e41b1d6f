/** Suffixes of Kubernetes quantities (`500m`, `10Gi`): powers of ten, and the tens of powers of two. */
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const QUANTITY = /^([+-]?)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** Whether two spellings are the same quantity: `0.5` and `500m`, `1024Mi` and `1Gi`. */
export function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return left !== undefined && left === right;
}

/** Exactly, in billionths of a billionth: no quantity has smaller parts. */
const SCALE = 18;

function parseQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = match;
  const tens = Number(exponent) + (DECIMAL[suffix] ?? 0) - fraction.length + SCALE;
  if (tens < 0) return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  return digits * 10n ** BigInt(tens) * 1024n ** BigInt(Math.max(0, BINARY.indexOf(suffix)));
}
