import type { CheckFailure } from '../check/fields';
import type { PlacementFacts } from './facts';
import { isOneStep } from './steps';

/**
 * From plain text to TLS alone, in MongoDB's order (its manual, "Upgrade a Cluster to Use TLS/SSL"): members of two neighbouring steps
 * understand each other, and no others do.
 */
export const TLS_STEPS = ['plain text', 'allow', 'prefer', 'require'] as const;

/** A step of {@link TLS_STEPS}. */
export type TlsStep = (typeof TLS_STEPS)[number];

/** The step that a record has its database at. */
export function stepOf({ tls }: PlacementFacts): TlsStep {
  return TLS_STEPS.find((step) => step === tls?.mode) ?? 'plain text';
}

/** Whether members of the two steps understand each other. */
export function areNeighbours(one: TlsStep, other: TlsStep): boolean {
  return isOneStep(TLS_STEPS, one, other);
}

/** What one update can do with TLS: a step, and another Secret only where nobody depends on the one before. */
export function otherTls(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const [before, after] = [stepOf(old), stepOf(now)];
  if (!areNeighbours(before, after)) return [{ property: 'tls', reason: skippedStep(now, before, after) }];
  const [was, is] = [old.tls?.secret, now.tls?.secret];
  if (was === undefined || is === undefined || was === is || (before === 'allow' && after === 'allow')) return [];
  const reason =
    `${now.section}.tls.secret is ${is} and was ${was}: members restart one after the other, and those with the one certificate would ` +
    `not trust those with the other. Set it back; a certificate is renewed in the Secret itself. To change the Secret, go back to ` +
    `${now.section}.tls.mode allow first, an update for each step.`;
  return [{ property: 'tls', reason }];
}

function skippedStep({ section }: PlacementFacts, before: TlsStep, after: TlsStep): string {
  const [from, to] = [before, after].map((step) => TLS_STEPS.indexOf(step)) as [number, number];
  const next = TLS_STEPS[from + Math.sign(to - from)] ?? before;
  const fix = next === 'plain text' ? `Remove ${section}.tls` : `Set ${section}.tls.mode: ${next}`;
  return (
    `${section}.tls would go from ${before} to ${after} at once: members restart one after the other, and those of the one would not ` +
    `understand those of the other. ${fix}, run up, and then go on.`
  );
}
