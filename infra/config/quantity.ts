import { z } from 'zod';

/** What the suffixes stand for: a power of ten, or of two. */
const SUFFIXES: Record<string, { base: 10n | 2n; exponent: number }> = {
  n: { base: 10n, exponent: -9 },
  u: { base: 10n, exponent: -6 },
  m: { base: 10n, exponent: -3 },
  '': { base: 10n, exponent: 0 },
  k: { base: 10n, exponent: 3 },
  M: { base: 10n, exponent: 6 },
  G: { base: 10n, exponent: 9 },
  T: { base: 10n, exponent: 12 },
  P: { base: 10n, exponent: 15 },
  E: { base: 10n, exponent: 18 },
  Ki: { base: 2n, exponent: 10 },
  Mi: { base: 2n, exponent: 20 },
  Gi: { base: 2n, exponent: 30 },
  Ti: { base: 2n, exponent: 40 },
  Pi: { base: 2n, exponent: 50 },
  Ei: { base: 2n, exponent: 60 },
};

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;

/** Beyond it, a number is nothing that anybody could mean. */
const LONGEST = 40;

/** A number as a fraction. */
interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/** The exact number that a quantity stands for; undefined where it is none, 'endless' where it has too many digits. */
function exactly(text: string): Fraction | 'endless' | undefined {
  const [, sign, number = '', suffix = '', exponent] = QUANTITY.exec(text) ?? [];
  const scale = SUFFIXES[suffix];
  if (sign === undefined || scale === undefined) return undefined;
  const [whole = '', decimals = ''] = number.split('.');
  const tens = (exponent === undefined ? 0 : Number(exponent)) - decimals.length;
  if (Math.abs(tens) > LONGEST || whole.length + decimals.length > LONGEST) return 'endless';
  const digits = BigInt(`${whole}${decimals}`) * (sign === '-' ? -1n : 1n);
  const powers = [{ base: 10n, exponent: tens }, scale];
  return powers.reduce<Fraction>(
    ({ numerator, denominator }, { base, exponent: power }) =>
      power >= 0
        ? { numerator: numerator * base ** BigInt(power), denominator }
        : { numerator, denominator: denominator * base ** BigInt(-power) },
    { numerator: digits, denominator: 1n },
  );
}

/**
 * The number that a Kubernetes quantity stands for: cores of a cpu, bytes of memory and storage.
 *
 * Near enough to compare two of them, not to compute with: 0.1 is not exact.
 * @returns undefined where the text is no quantity
 */
export function parseQuantity(text: string): number | undefined {
  const exact = exactly(text);
  if (exact === 'endless') return Infinity;
  return exact && Number(exact.numerator) / Number(exact.denominator);
}

/** What a quantity has to be. */
interface QuantityRule {
  /** Completes "must be …". */
  what: string;
  /** The unit of which there can only be a whole number: 1m of cpu, a byte. */
  unit: { name: string; perOne: bigint };
  least: { value: number; text: string };
  most: { value: number; text: string };
  examples: readonly string[];
}

function quantityProblem(text: string, { what, unit, least, most }: QuantityRule): string | undefined {
  const exact = exactly(text);
  if (exact === undefined) {
    return `must be ${what} as a Kubernetes quantity: a number and a suffix (m, k, M, G, Ki, Mi, Gi, …)`;
  }
  if (exact === 'endless') return `must be ${what} of at most ${most.text}, in at most ${LONGEST} digits`;
  const value = Number(exact.numerator) / Number(exact.denominator);
  if (value <= 0) return `must be ${what} above zero`;
  if (value > most.value) return `must be ${what} of at most ${most.text}`;
  if (value < least.value) {
    return `must be ${what} of at least ${least.text} (the suffix m means thousandths, Mi and Gi are 2^20 and 2^30)`;
  }
  return (exact.numerator * unit.perOne) % exact.denominator === 0n
    ? undefined
    : `must be a whole number of ${unit.name}`;
}

/** A quantity, written as Kubernetes writes it. */
function quantity(rule: QuantityRule): z.ZodString {
  return z
    .string()
    .check((ctx) => {
      const message = quantityProblem(ctx.value, rule);
      if (message !== undefined) ctx.issues.push({ code: 'custom', input: ctx.value, message });
    })
    .meta({ examples: [...rule.examples] });
}

const bytes = { name: 'bytes', perOne: 1n };

/** Cores of a processor, such as 500m or 2. Linux knows 8192 of them at most. */
export const cpuQuantity = quantity({
  what: 'an amount of cpu',
  unit: { name: 'thousandths of a core', perOne: 1000n },
  least: { value: 0.001, text: '1m' },
  most: { value: 8192, text: '8192 cores' },
  examples: ['500m', '2'],
});

/** Bytes of memory, such as 512Mi. No processor addresses more than 4Pi. */
export const memoryQuantity = quantity({
  what: 'an amount of memory',
  unit: bytes,
  least: { value: 2 ** 20, text: '1Mi' },
  most: { value: 2 ** 52, text: '4Pi' },
  examples: ['512Mi', '2Gi'],
});

/** Bytes of a volume, such as 10Gi. Kubernetes counts them in 63 bits, and no cloud's volume comes near 1Pi. */
export const storageQuantity = quantity({
  what: 'a size',
  unit: bytes,
  least: { value: 2 ** 30, text: '1Gi' },
  most: { value: 2 ** 50, text: '1Pi' },
  examples: ['10Gi'],
});
