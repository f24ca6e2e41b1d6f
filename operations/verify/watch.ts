import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../command-line';
import type { Finding, State } from './finding';
import type { Verification } from './verify';

const MARKS: Readonly<Record<State, string>> = { good: 'ok', bad: '≠', unknown: '?', unread: '?' };

/** Findings by the name of what they are about. */
type Known = ReadonlyMap<string, Finding>;

/** How it is looked again and again. */
export interface Watching {
  look: () => Promise<Verification>;
  /** Is told what was found, and what of it is new since the look before. */
  tell: (verification: Verification, changes: readonly string[], isFirst: boolean) => void;
  /** Is told why it could not be looked, once for each reason. */
  complain: (message: string) => void;
  /** Seconds between two looks. */
  every: number;
  /** Ends it. */
  signal?: AbortSignal;
}

/**
 * Looks until it is told to end. A cluster that cannot be reached for a while is waited for, but the first time.
 *
 * @throws UserError if it cannot be looked at the first time
 */
export async function watch({ look, tell, complain, every, signal }: Watching): Promise<void> {
  let known: Known | undefined;
  let complaint: string | undefined;
  while (signal?.aborted !== true) {
    try {
      const seen = await look();
      const found = findingsIn(seen);
      tell(seen, known === undefined ? [] : changesOf(known, found), known === undefined);
      [known, complaint] = [found, undefined];
    } catch (error) {
      if (known === undefined || !(error instanceof UserError)) throw error;
      if (error.message !== complaint) complain(error.message);
      complaint = error.message;
    }
    await sleep(every * 1000, undefined, signal && { signal }).catch(() => undefined);
  }
}

function findingsIn({ rows, sections }: Verification): Known {
  const all = [
    ...sections.flatMap(({ check, findings }) => findings.map((finding) => [check, finding] as const)),
    ...rows.map((row) => ['settings', settingFinding(row)] as const),
  ];
  return new Map(all.map(([check, finding]) => [`${check}: ${finding.subject}`, finding]));
}

function settingFinding({ setting, wanted, deployment, running, differs }: Verification['rows'][number]): Finding {
  const text = `wanted ${wanted}, Deployment ${deployment || '-'}, running ${running}`;
  return { subject: setting, state: differs ? 'bad' : 'good', text };
}

/** A line for each that has changed its state, or is wrong in another way. That a backup grows older is no news. */
function changesOf(before: Known, after: Known): string[] {
  const changed = [...after].filter(([name, { state, text }]) => {
    const known = before.get(name);
    return known?.state !== state || (state !== 'good' && known.text !== text);
  });
  const gone = [...before.keys()].filter((name) => !after.has(name));
  return [
    ...changed.map(([name, { state, text }]) => `${MARKS[state]} ${name}: ${text}`),
    ...gone.map((name) => `? ${name}: is no longer told of`),
  ];
}
