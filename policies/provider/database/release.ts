import type { CheckFailure } from '../check/fields';
import type { PlacementFacts } from './facts';

/** In which order MongoDB's majors follow one another: data files of one are read by the next alone. */
const MAJORS = ['4.2', '4.4', '5.0', '6.0', '7.0', '8.0'];

/**
 * An update of mongod goes from one major to the next: its data files know the one before, and no other. What a later release
 * has written, an earlier one does not start on.
 */
export function otherRelease(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  if (old.release === undefined || now.release === undefined) return [];
  const [from, to] = [majorOf(old.release), majorOf(now.release)];
  if (from === undefined || to === undefined || to === from || to === from + 1) return [];
  const change = `${now.section}.image has MongoDB ${now.release}, and ${old.release} has written the data:`;
  const next = MAJORS[from + 1] ?? '';
  const reason =
    to < from
      ? `${change} the earlier release does not start on data files of the later. Set ${MAJORS[from] ?? ''}, or restore a ` +
        'backup that the earlier one has written into another stack.'
      : `${change} one major at a time. Set ${next} first; once all members run it, the primary has them write its files, and ` +
        `${MAJORS[from + 2] ?? ''} can follow.`;
  return [{ property: 'image', reason }];
}

/** Place of a release among the majors; releases between two belong to the first. undefined: older than all of them. */
function majorOf(release: string): number | undefined {
  const number = (text: string) => Number(/^\d+\.\d+/.exec(text)?.[0]);
  const found = MAJORS.findLastIndex((major) => number(major) <= number(release));
  return found === -1 ? undefined : found;
}
