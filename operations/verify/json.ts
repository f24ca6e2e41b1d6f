import type { Finding } from './finding';
import type { Row } from './governance/settings';
import { type Verification, stateOf } from './verify';

/** What is printed with --json. Keys are added, and none is renamed or removed. */
interface Document {
  stack: string;
  context: string;
  /** When it was looked, as ISO 8601 has it. */
  time: string;
  state: 'good' | 'bad' | 'unread';
  findings: (Finding & { check: string })[];
  settings: Row[];
}

/** What was found out, for programs. */
export function documentOf(stack: string, context: string, verification: Verification, now: Date): Document {
  const { rows, sections } = verification;
  return {
    stack,
    context,
    time: now.toISOString(),
    state: stateOf(verification),
    findings: sections.flatMap(({ check, findings }) => findings.map((finding) => ({ check, ...finding }))),
    settings: rows,
  };
}
