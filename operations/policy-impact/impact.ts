import { isDeepStrictEqual } from 'node:util';
import { RunError } from '@pulumi/pulumi/errors';
import { type Level, ACTIONS } from '../../policies/actions';
import { findPython } from '../../policies/runner';
import { withBase } from './base';
import { type Change, changedPoints } from './changed-points';
import { type Decision, Network } from './decide';
import { groupBy } from '../group-by';
import { Questions, type RunLimits } from './questions';
import { requestsInCases } from './requests/cases';
import { requestsInFiles } from './requests/files';
import type { Request } from './requests/request';
import { type ChangedDecision, KINDS, kindOf, type Note, type PolicyImpact, type Verdict } from './result';
import { hasStack, readSide, type Side } from './side';
import { steadinessOf } from './steadiness';
import { troublesOf } from './troubles';

/** What is compared, and how. */
export interface ImpactOptions {
  /** The project's folder. */
  readonly checkout: string;
  readonly stack: string;
  /** A commit, or a folder with another state of the project. */
  readonly base: string;
  /** Of a call of a policy, in milliseconds. Default: 2 s. */
  readonly timeLimit?: number;
  /** Is told what is going on. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Replays requests through the policies of a stack as they are in the base and as they are in the checkout, as a gateway and
 * the clusters behind it would ask them, wherever something about a decision differs.
 *
 * What the base holds is read by the code of this checkout; its own is not run, but for the rules.
 *
 * @throws RunError where the stack or the requests cannot be used here, or there is no base or no Python
 */
export async function policyImpact(options: ImpactOptions): Promise<PolicyImpact> {
  const { checkout, stack, base, timeLimit = 2_000, onProgress = () => undefined } = options;
  if (!hasStack(checkout, stack))
    throw new RunError(`there is no stack ${stack}: stacks/Pulumi.${stack}.yaml is missing`);
  const after = readSide(checkout, stack);
  const before = await withBase(checkout, base, (folder) => Promise.resolve(sideOfBase(folder, stack)));
  const nothing = { stack, base, changed: [], requests: 0, decisions: [] };
  if ('severity' in before) return { ...nothing, notes: [before] };
  const changes = changedPoints(before, after);
  if (changes.length === 0) return { ...nothing, notes: [] };

  const requests = requestsFor(changes, requestsInFiles(checkout, stack));
  onProgress(`Replaying ${requests.length} requests`);
  const limits = { python: findPython(), timeLimit };
  const { decisions, notes } = await replay({ before, after, changes, requests, limits });
  const changed = changes.map(({ point }) => point);
  return {
    stack,
    base,
    changed,
    requests: requests.length,
    decisions,
    notes: [...leftOpen(before, after, changes), ...notes],
  };
}

/** A base that cannot be read is no reason to say nothing. */
function sideOfBase(folder: string, stack: string): Side | Note {
  try {
    return readSide(folder, stack);
  } catch (error) {
    const text = `cannot be compared with: ${(error as Error).message}`;
    return { severity: 'warning', policy: 'base', text };
  }
}

/** Requests that pass a place that has changed; each once. */
function requestsFor(changes: readonly Change[], given: readonly Request[]): Request[] {
  const found = changes.flatMap((change) => {
    const { point } = change;
    const comesBy = ({ action, cluster }: Request) =>
      action === point.action && (point.cluster === undefined || cluster === point.cluster);
    return [...given.filter(comesBy), ...requestsInCases(change)];
  });
  const key = ({ action, cluster, input, at, answers }: Request) =>
    JSON.stringify([action, cluster, input, at, answers]);
  return [...new Map(found.toReversed().map((request) => [key(request), request])).values()].reverse();
}

interface Replay {
  readonly before: Side;
  readonly after: Side;
  readonly changes: readonly Change[];
  readonly requests: readonly Request[];
  readonly limits: RunLimits;
}

async function replay({ before, after, changes, requests, limits }: Replay) {
  const questions = new Questions(limits);
  const changedElsewhere = new Set(changes.flatMap(({ elsewhere }) => elsewhere));
  const trusted = new Set(urisOf(after).filter((uri) => !changedElsewhere.has(uri)));
  const now = Math.floor(Date.now() / 1000);
  const networks = [before, after].map((side) => new Network(side, questions, trusted, now));
  const decided = await questions.settle(
    Promise.all(requests.map((request) => Promise.all(networks.map((network) => network.decide(request))))),
  );
  const pairs = requests.flatMap((request, index) => {
    const [was, is] = decided[index] ?? [];
    return was && is ? [{ request, was, is }] : [];
  });
  const notes = [...troublesOf(questions.asked, limits), ...(await steadinessOf(questions.asked, limits))];
  return { decisions: differing(pairs), notes: distinct([...notes, ...unfit(pairs), ...unseen(pairs)]) };
}

interface Pair {
  readonly request: Request;
  readonly was: Decision;
  readonly is: Decision;
}

function differing(pairs: readonly Pair[]): ChangedDecision[] {
  const decisions = pairs.filter((pair) => !isSame(pair) && !isUnseen(pair) && !isUnfit(pair)).map(changedDecision);
  const rank = (decision: ChangedDecision) => (decision.asked ? 0 : KINDS.length) + KINDS.indexOf(kindOf(decision));
  return decisions.sort((one, other) => rank(one) - rank(other));
}

function isSame({ was, is }: Pair): boolean {
  const said = ({ outcome, reason, forwarded }: Decision) => [outcome, reason, forwarded];
  return isDeepStrictEqual(said(was), said(is));
}

function changedDecision({ request: { action, cluster, line, source, times }, was, is }: Pair): ChangedDecision {
  const consulted: readonly Level[] = ACTIONS[action].consulted;
  return {
    action,
    ...(cluster !== undefined && { cluster }),
    request: line,
    source,
    before: verdictOf(was),
    after: verdictOf(is),
    times,
    asked: consulted.length > 0,
  };
}

function verdictOf({ outcome, policy, reason }: Decision): Verdict {
  return { outcome, ...(policy !== undefined && { policy }), ...(reason !== undefined && { reason }) };
}

const isUnseen = ({ was, is }: Pair) => was.outcome === 'unseen' || is.outcome === 'unseen';

/** Of a request only parts are recorded; a policy that needs others would deny what it lets through in truth. */
function isUnfit({ request, was, is }: Pair): boolean {
  return request.recorded && [was, is].some(({ reason = '' }) => reason.startsWith('malformed request'));
}

function unfit(pairs: readonly Pair[]): Note[] {
  const found = pairs.filter(isUnfit).map(({ was, is }) => (is.reason?.startsWith('malformed request') ? is : was));
  return [...groupBy(found, ({ policy, reason }) => `${policy} ${reason}`).values()].map((same): Note => ({
    severity: 'info',
    policy: same[0].policy ?? '',
    text: `could not be asked about ${same.length} recorded requests (${same[0].reason ?? ''}): let audit-only record more, with its parameter fields`,
  }));
}

function unseen(pairs: readonly Pair[]): Note[] {
  const policies = pairs.filter(isUnseen).map(({ was, is }) => (is.outcome === 'unseen' ? is : was).policy ?? '');
  return [...groupBy(policies, (policy) => policy)].map(([policy, same]): Note => ({
    severity: 'warning',
    policy,
    text: `is no rule of policies/rules: what it decides on ${same.length} requests cannot be seen here`,
  }));
}

/** Where an action is not named any more, the gateway gets back what the stack does not know. */
function leftOpen(before: Side, after: Side, changes: readonly Change[]): Note[] {
  const { onDelete, unlisted } = before.config;
  const left = changes.filter(({ point: { action, cluster } }) => {
    const named = cluster === undefined ? after.config.bindings : (after.config.clusters[cluster] ?? {});
    return !Object.hasOwn(named, action);
  });
  if (left.length === 0 || onDelete === 'clear' || unlisted === 'remove') return [];
  const places = left.map(({ point: { action, cluster } }) =>
    cluster === undefined ? action : `${action} of ${cluster}`,
  );
  const text = `${places.join(', ')} left the stack: the policy from before it comes back, if there was one; here none is asked`;
  return [{ severity: 'info', policy: 'unlisted', text }];
}

function urisOf({ config: { bindings, clusters } }: Side): string[] {
  return [bindings, ...Object.values(clusters)].flatMap((map) =>
    Object.values(map).flatMap((binding) => binding?.policy ?? []),
  );
}

function distinct(notes: readonly Note[]): Note[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
