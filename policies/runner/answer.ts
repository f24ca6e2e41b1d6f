/** Why a rule gave no answer. */
export type FailureKind = 'raised' | 'late' | 'ended' | 'large';

/** A rule that gave no answer. */
export class RuleFailure extends Error {
  override readonly name = 'RuleFailure';

  constructor(
    /** `raised` an exception, took too long, `ended` its process, or answered more than it may. */
    readonly kind: FailureKind,
    /** Of an exception its text, or its type where it has none. */
    message: string,
    /** Where it was raised, as Python tells it, or what the process said last. */
    readonly trace?: string,
  ) {
    super(message);
  }
}

/** What became of a call: what `eval` returned, or why it did not. */
export type RuleAnswer = { readonly result: unknown } | { readonly failure: RuleFailure };
