import { isDeepStrictEqual } from 'node:util';
import type { OnboardedRule } from '../../infra/config';
import { type Action, ACTION_NAMES, ACTIONS, type Level } from '../../policies/actions';
import { effectiveParameters } from '../../policies/packaging';
import { canonicalText, type Json } from '../../policies/provider/wire/value';
import type { ChangedPoint } from './result';
import { archiveOf, type Side } from './side';

/** A place where a decision is made otherwise than before. */
export interface Change {
  readonly point: ChangedPoint;
  /** The rules that decide there, before and after; undefined where nothing is asked, or a policy of elsewhere. */
  readonly rules: { readonly before?: Deciding; readonly after?: Deciding };
  /** URIs of policies of elsewhere that have a part in it. */
  readonly elsewhere: readonly string[];
}

/** A rule with the parameters that it gets there. */
export interface Deciding {
  readonly rule: OnboardedRule;
  readonly parameters: Readonly<Record<string, unknown>>;
}

type Bound = 'nothing' | Deciding | { readonly uri: string; readonly parameters: unknown };

/** Everywhere that the two sides differ: in the policy, its code, its settings or the parameters that reach it. */
export function changedPoints(before: Side, after: Side): Change[] {
  const clusters = new Set([...before.clusterMaps.keys(), ...after.clusterMaps.keys()]);
  return [undefined, ...[...clusters].sort()].flatMap((cluster) =>
    ACTION_NAMES.flatMap((action) => {
      const bound = { before: boundAt(before, action, cluster), after: boundAt(after, action, cluster) };
      const what = differences(bound.before, bound.after);
      return what.length === 0 ? [] : [change(action, cluster, bound, what)];
    }),
  );
}

function change(
  action: Action,
  cluster: string | undefined,
  { before, after }: { before: Bound; after: Bound },
  what: ChangedPoint['what'],
): Change {
  const level: Level = cluster === undefined ? 'network' : 'cluster';
  return {
    point: {
      action,
      ...(cluster !== undefined && { cluster }),
      what,
      before: describe(before),
      after: describe(after),
      asked: (ACTIONS[action].consulted as readonly Level[]).includes(level),
    },
    rules: { ...(isRule(before) && { before }), ...(isRule(after) && { after }) },
    elsewhere: [before, after].flatMap((bound) => (bound !== 'nothing' && 'uri' in bound ? [bound.uri] : [])),
  };
}

function boundAt({ config, rules }: Side, action: Action, cluster?: string): Bound {
  const binding = (cluster === undefined ? config.bindings : config.clusters[cluster])?.[action];
  if (!binding) return 'nothing';
  const given = Object.keys(binding.parameters).length === 0 ? undefined : binding.parameters;
  const rule = rules.get(binding.policy);
  if (!rule) return { uri: binding.policy, parameters: given };
  return { rule, parameters: effectiveParameters(rule, given, config.execution.mode) };
}

function differences(before: Bound, after: Bound): ChangedPoint['what'] {
  if (!isRule(before) || !isRule(after)) return isDeepStrictEqual(before, after) ? [] : ['policy'];
  if (before.rule.uriName !== after.rule.uriName) return ['policy'];
  return [
    ...(archiveOf(before.rule).sha256 === archiveOf(after.rule).sha256 ? [] : (['code'] as const)),
    ...(isDeepStrictEqual(before.rule.settings, after.rule.settings) ? [] : (['settings'] as const)),
    ...(isDeepStrictEqual(before.parameters, after.parameters) ? [] : (['parameters'] as const)),
  ];
}

const isRule = (bound: Bound): bound is Deciding => bound !== 'nothing' && 'rule' in bound;

function describe(bound: Bound): string {
  if (bound === 'nothing') return 'nothing is asked';
  const name = isRule(bound) ? `${bound.rule.name} ${bound.rule.version}` : bound.uri;
  const parameters = bound.parameters ?? {};
  return Object.keys(parameters).length === 0 ? name : `${name} ${canonicalText(parameters as Json)}`;
}
