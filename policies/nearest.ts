import { distance } from 'fastest-levenshtein';

/**
 * The known name that a mistyped one probably meant.
 * @returns undefined where none is near: more than a third of the letters differ
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}
