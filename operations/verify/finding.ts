/**
 * What was found of one thing: as the stack wants it, otherwise, not to be seen from here, or not read, because a right is
 * missing or somebody does not answer.
 */
export type State = 'good' | 'bad' | 'unknown' | 'unread';

/** One thing that was looked at. */
export interface Finding {
  /** What it is called: `services/parser`. */
  subject: string;
  state: State;
  /** What is so; of what is not as wanted also what was wanted. */
  text: string;
}

/** Findings of one check. */
export interface Section {
  /** Name of the check: `workloads`. */
  check: string;
  findings: Finding[];
}

/** What is so, or all that is not as it should be. */
export function judged(subject: string, faults: readonly string[], fine: string): Finding {
  return faults.length > 0
    ? { subject, state: 'bad', text: faults.join('; ') }
    : { subject, state: 'good', text: fine };
}
