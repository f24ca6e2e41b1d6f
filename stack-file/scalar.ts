/** A plain scalar's value. Integers that a number cannot hold exactly are bigints. */
export type Scalar = string | number | bigint | boolean | null;

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
  ...['', '+'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((word) => [sign + word, Infinity] as const)),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
/** Beyond these an integer is read as a floating-point number; the upper half of them only without a sign. */
const RANGE = { lowest: -(2n ** 63n), highest: 2n ** 64n - 1n };
const HIGHEST_SIGNED = 2n ** 63n - 1n;

/**
 * What a plain scalar means to the pulumi CLI. Its YAML library (Go's yaml.v3) is neither YAML 1.1 nor 1.2: `014` and
 * `0o14` are 12, `yes` is a text, and a date is a time, which the CLI then writes out as Go does.
 */
export function resolveScalar(text: string): Scalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (text.startsWith('.')) return floatIn(text.replaceAll(/(?<=\d)_(?=\d)/g, '')) ?? text;
  if (!/^[-+0-9]/.test(text)) return text;
  const digits = text.replaceAll('_', '');
  return timeIn(text) ?? integerIn(digits) ?? floatIn(digits) ?? text;
}

/** What a scalar with one of YAML's tags means; undefined if it cannot mean that. A tag of nobody's leaves text. */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  if (tag === '!!binary') return binaryIn(text);
  if (tag === '!!timestamp') return timeIn(text);
  const value = resolveScalar(text);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const fits = {
    '!!int': isNumber && integerIn(text.replaceAll('_', '')) !== undefined,
    '!!float': isNumber,
    '!!bool': typeof value === 'boolean',
    '!!null': value === null,
  }[tag];
  if (fits === undefined) return text;
  return fits ? value : undefined;
}

function binaryIn(text: string): string | undefined {
  const base64 = text.replaceAll(/[\r\n]/g, '');
  const isWhole = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(base64);
  return isWhole ? Buffer.from(base64, 'base64').toString() : undefined;
}

/** JSON, by way of which the CLI goes within lists and objects, has no integers beyond 64 bits with a sign. */
export const inJson = (value: bigint): bigint | number => (value > HIGHEST_SIGNED ? Number(value) : value);

function floatIn(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}

function integerIn(text: string): number | bigint | undefined {
  const [, sign = '', digits = ''] = INTEGER.exec(text) ?? [];
  if (digits === '') return undefined;
  const value = BigInt(digits.replace(/^0[oO]?(?=[0-7])/, '0o')) * (sign === '-' ? -1n : 1n);
  if (value < RANGE.lowest || value > (sign === '' ? RANGE.highest : HIGHEST_SIGNED)) return undefined;
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d\d:\d\d))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?))?$/;

/** A date or time, written as Go writes one. */
function timeIn(text: string): string | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, h1, m1, s1, f1, zone = 'Z', h2, m2, s2, f2] = match;
  const [hour = '0', minute = '0', second = '0'] = [h1 ?? h2, m1 ?? m2, s1 ?? s2];
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, mo, d, ...clock] = parts;
  const date = new Date(Date.UTC(2000, mo - 1, d, ...clock));
  // Date.UTC takes the years before 100 for ones of the last century.
  date.setUTCFullYear(y, mo - 1, d);
  const [h, mi, sec] = clock;
  const isReal = date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && sec < 60;
  if (!isReal) return undefined;
  const fraction = (f1 ?? f2 ?? '').slice(0, 10).replace(/\.?0+$/, '');
  const offset = zone.replace(':', '');
  const place = zone === 'Z' || offset === '+0000' || offset === '-0000' ? '+0000 UTC' : `${offset} ${offset}`;
  return `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)}${fraction} ${place}`;
}
