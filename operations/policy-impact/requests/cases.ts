import type { OnboardedRule } from '../../../infra/config';
import type { Change, Deciding } from '../changed-points';
import { describe } from './describe';
import { actionOf, clusterIn, type Request } from './request';

type Case = OnboardedRule['rule']['cases'][number];
type Input = Readonly<Record<string, unknown>>;

/**
 * The cases of the rules that decide at a place, as requests to it. Where a number among the parameters changes, there are
 * also the cases whose own number it is in place of: what is just within a bound of 2 asks about a bound of 100, too.
 */
export function requestsInCases({ point: { action, cluster }, rules }: Change): Request[] {
  const moved = movedNumbers(rules);
  const both = [rules.before, rules.after].filter((deciding) => deciding !== undefined);
  return both.flatMap(({ rule }) =>
    rule.rule.cases
      .filter(({ input, malformed }) => !malformed.includes('input') && actionOf(input) === action)
      .flatMap((one) => [one, ...moved.flatMap((number) => transposed(one, number))])
      .map(({ name, input, stubs }): Request => {
        const given = cluster === undefined ? (input as Input) : retargeted(input as Input, cluster);
        const id = clusterIn(given);
        return {
          action,
          ...(id !== undefined && { cluster: id }),
          input: given,
          line: describe(action, given),
          source: `${rule.name}: ${name}`,
          answers: stubs,
          times: 1,
          recorded: false,
        };
      }),
  );
}

/** The same request, if it came for another cluster. */
function retargeted(input: Input, cluster: string): Input {
  const { cluster_data: data, node_data: node } = input;
  return {
    ...input,
    ...(isObject(data) && { cluster_data: { ...data, id: cluster } }),
    ...(isObject(node) && Object.hasOwn(node, 'cluster_id') && { node_data: { ...node, cluster_id: cluster } }),
  };
}

/** A number among parameters that is another one now. */
interface MovedNumber {
  readonly path: readonly string[];
  readonly values: readonly number[];
}

function movedNumbers({ before, after }: { before?: Deciding; after?: Deciding }): MovedNumber[] {
  const sides = [before, after].map((deciding) => new Map(numbersIn(deciding?.parameters ?? {})));
  const paths = new Set(sides.flatMap((side) => [...side.keys()]));
  return [...paths].flatMap((path) => {
    const values = sides.map((side) => side.get(path)).filter((value) => value !== undefined);
    return new Set(values).size === 1 && values.length === 2 ? [] : [{ path: path.split('\0'), values }];
  });
}

function numbersIn(value: unknown, path: readonly string[] = []): [path: string, value: number][] {
  if (typeof value === 'number') return [[path.join('\0'), value]];
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key])) : [];
}

/** A case with what its own bound is in the request, or one off, moved to where the bound is or was. */
function transposed(one: Case, { path, values }: MovedNumber): Case[] {
  const own = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), one.parameters);
  if (typeof own !== 'number') return [];
  return values
    .filter((value) => value !== own)
    .map((value) => ({
      ...one,
      name: `${one.name}, moved from ${path.join('.')} ${own} to ${value}`,
      input: shifted(one.input, own, value - own) as Case['input'],
    }));
}

function shifted(value: unknown, bound: number, by: number): unknown {
  if (typeof value === 'number') return Math.abs(value - bound) <= 1 ? value + by : value;
  if (Array.isArray(value)) return value.map((item) => shifted(item, bound, by));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shifted(inner, bound, by)]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
