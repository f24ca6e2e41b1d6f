import { z } from 'zod';

const SCALE: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;

/**
 * The number that a Kubernetes quantity stands for: cores of a cpu, bytes of memory and storage.
 *
 * Near enough to compare two of them, not to compute with: 0.1 is not exact.
 * @returns undefined where the text is no quantity
 */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, number = '', suffix = '', exponent] = match;
  const scale = exponent === undefined ? SCALE[suffix] : 10 ** Number(exponent);
  return scale === undefined ? undefined : Number(number) * scale;
}

/** A quantity of at least `minimum` units, written as Kubernetes writes it. */
function quantity(what: string, minimum: { value: number; text: string }, examples: readonly string[]): z.ZodString {
  return z
    .string()
    .check((ctx) => {
      const value = parseQuantity(ctx.value);
      if (value !== undefined && value >= minimum.value) return;
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        message:
          value === undefined
            ? `must be ${what} as a Kubernetes quantity: a number and a suffix (m, k, M, G, Ki, Mi, Gi, …)`
            : value <= 0
              ? `must be ${what} above zero`
              : `must be ${what} of at least ${minimum.text} (the suffix m means thousandths, Mi and Gi are 2^20 and 2^30)`,
      });
    })
    .meta({ examples: [...examples] });
}

/** Cores of a processor, such as 500m or 2. */
export const cpuQuantity = quantity('an amount of cpu', { value: 0.001, text: '1m' }, ['500m', '2']);

/** Bytes of memory, such as 512Mi. */
export const memoryQuantity = quantity('an amount of memory', { value: 2 ** 20, text: '1Mi' }, ['512Mi', '2Gi']);

/** Bytes of a volume, such as 10Gi. */
export const storageQuantity = quantity('a size', { value: 2 ** 30, text: '1Gi' }, ['10Gi']);
