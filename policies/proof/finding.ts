/** What was found out about something that has to be there for a decision. */
export interface Finding {
  subject: string;
  /** What was seen, and whether it will do; unknown: it cannot be seen from here. */
  text: string;
  state: 'good' | 'bad' | 'unknown';
}

const MARKS = { good: ' ', bad: '≠', unknown: '?' } as const satisfies Record<Finding['state'], string>;

/** A line for each; marked is what would deny (≠) and what could not be looked at from here (?). */
export function linesOf(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  return findings.map(({ subject, text, state }) => `${MARKS[state]} ${subject.padEnd(width)}  ${text}`);
}

export const bad = (subject: string, text: string): Finding => ({ subject, text, state: 'bad' });
