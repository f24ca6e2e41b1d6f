/** What one engine does otherwise than the other, or what either does and should not. */
export interface Difference {
  /** What was being done: `registry.replicas: 5`, `after a failed up`. */
  readonly where: string;
  /** What differs: a resource's type and name, `exit code`. */
  readonly subject: string;
  readonly embedded: string;
  readonly cli: string;
}

/** The differences of values under the same keys; a key that one lacks has NOTHING there. */
export function differencesOf(
  where: string,
  embedded: ReadonlyMap<string, string>,
  cli: ReadonlyMap<string, string>,
): Difference[] {
  const subjects = [...new Set([...embedded.keys(), ...cli.keys()])].sort();
  return subjects.flatMap((subject) => {
    const sides = { embedded: embedded.get(subject) ?? NOTHING, cli: cli.get(subject) ?? NOTHING };
    return sides.embedded === sides.cli ? [] : [{ where, subject, ...sides }];
  });
}

export const NOTHING = '(nothing)';
