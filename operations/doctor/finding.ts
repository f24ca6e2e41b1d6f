/** What a check has found out: fine, in the way of `make up`, worth knowing, or not to be seen from here. */
export type FindingState = 'ok' | 'problem' | 'warning' | 'unknown';

/** One line of the doctor's table. */
export interface Finding {
  check: string;
  state: FindingState;
  /** What is so. */
  result: string;
  /** What to do about it; absent where nothing is to be done. */
  fix?: string;
}

/** Findings of one check, by what is to be said. */
export function findingsOf(check: string) {
  return {
    ok: (result: string): Finding => ({ check, state: 'ok', result }),
    problem: (result: string, fix: string): Finding => ({ check, state: 'problem', result, fix }),
    warning: (result: string, fix: string): Finding => ({ check, state: 'warning', result, fix }),
    unknown: (result: string, fix: string): Finding => ({ check, state: 'unknown', result, fix }),
  };
}

/** Names for a sentence: the first few, and how many more there are. */
export function someOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** The same, as what is worth knowing and holds nothing up. */
export const asWarning = (finding: Finding): Finding =>
  finding.state === 'problem' ? { ...finding, state: 'warning' } : finding;
