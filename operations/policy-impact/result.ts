import type { Action } from '../../policies/actions';
import type { Decisions } from '../report/decisions';

/** What was decided on a request. */
export interface Verdict {
  /** `failed`: the policy gave no answer, so nothing is let through; `unseen`: the policy is not here. */
  readonly outcome: 'allowed' | 'denied' | 'failed' | 'unseen';
  /** Of a denial or a failure. */
  readonly reason?: string;
  /** The policy that had the last word; absent where none was asked. */
  readonly policy?: string;
}

/** A place where a decision is made otherwise than before, whether or not one comes out so. */
export interface ChangedPoint {
  readonly action: Action;
  /** The cluster in whose map it is; absent: the network's. */
  readonly cluster?: string;
  readonly what: readonly ('policy' | 'code' | 'settings' | 'parameters')[];
  /** The policy with its version and parameters, or that nothing is asked. */
  readonly before: string;
  readonly after: string;
  /** Whether the deployed gateway (6b2b17a) asks there; else what is bound has no effect. */
  readonly asked: boolean;
}

/** A request that is decided otherwise than before. */
export interface ChangedDecision {
  readonly action: Action;
  readonly cluster?: string;
  /** In a line. */
  readonly request: string;
  /** A case of a rule, or a file of stacks/requests. */
  readonly source: string;
  readonly before: Verdict;
  readonly after: Verdict;
  /** How often such a request was seen. */
  readonly times: number;
  readonly asked: boolean;
}

/** What has to be known beside the decisions. */
export interface Note {
  /** `info`: nothing is wrong with it. */
  readonly severity: 'warning' | 'info';
  readonly policy: string;
  readonly text: string;
}

/** What a change of a stack, of its rules or of their code makes of the decisions. */
export interface PolicyImpact {
  readonly stack: string;
  /** What it is compared with, as it was given. */
  readonly base: string;
  readonly changed: readonly ChangedPoint[];
  /** How many requests were replayed. */
  readonly requests: number;
  /** Newly allowed ones first, then newly denied ones, then those with another reason. */
  readonly decisions: readonly ChangedDecision[];
  readonly notes: readonly Note[];
}

/** The rank of a change: what is let through now is looked at first. */
export const KINDS = ['newly allowed', 'newly denied', 'decided otherwise'] as const;

export function kindOf({ before, after }: Pick<ChangedDecision, 'before' | 'after'>): (typeof KINDS)[number] {
  const isAllowed = ({ outcome }: Verdict) => outcome === 'allowed';
  if (isAllowed(before) === isAllowed(after)) return 'decided otherwise';
  return isAllowed(after) ? 'newly allowed' : 'newly denied';
}

/** As a report reads it: operations/report/decisions.ts. */
export function toDecisions({ stack, requests, decisions, notes }: PolicyImpact): Decisions {
  return {
    stack,
    replayed: requests,
    changes: decisions.map(({ action, cluster, request, before, after, times, asked }) => ({
      action: asked ? action : `${action} (stored, the gateway does not ask)`,
      ...(cluster !== undefined && { cluster }),
      request,
      before: verdict(before),
      after: verdict(after),
      count: times,
    })),
    problems: notes.map(({ policy, text }) => ({ policy, text })),
  };
}

function verdict({ outcome, policy, reason }: Verdict): Decisions['changes'][number]['before'] {
  if (policy === undefined) return { verdict: 'no policy' };
  return {
    verdict: outcome === 'unseen' ? 'failed' : outcome,
    policy,
    ...(reason !== undefined && { reason }),
  };
}
