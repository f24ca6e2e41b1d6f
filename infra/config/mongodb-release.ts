import { parseImage } from './image';

/** The first release of each series without CVE-2025-14847: its heap can be read by whoever reaches the port, and is. */
const MENDED: Readonly<Record<string, number>> = { '4.4': 30, '5.0': 32, '6.0': 27, '7.0': 28, '8.0': 17, '8.2': 3 };

/**
 * The release of MongoDB that an image's tag names: `6.0`, or `6.0.27`.
 * @returns undefined where the tag says something else, or nothing: of a digest, or a mirror's own names
 */
export function mongodbRelease(image: string): string | undefined {
  return /^v?(\d+\.\d+(?:\.\d+)?)(?:-|$)/.exec(parseImage(image).tag ?? '')?.[1];
}

/** Series that get no fixes any more, and since when. Source: MongoDB's software lifecycle schedules. */
const ENDED: Readonly<Record<string, string>> = {
  '4.4': 'February 2024',
  '5.0': 'October 2024',
  '6.0': 'July 2025',
};

/**
 * The release that new stacks are given: of a series that gets fixes, and within what the drivers of upstream's services speak to
 * (docs/operations.md).
 */
const ADVISED = '7.0.28';

/**
 * What is known to be wrong with a release, as a sentence that goes on after its name; undefined where nothing is.
 * A tag that names no patch release is the newest that the node has not pulled yet, and nothing is known of it.
 */
export function releaseFault(release: string): string | undefined {
  const [, series = '', patch] = /^(\d+\.\d+)(?:\.(\d+))?$/.exec(release) ?? [];
  const mended = MENDED[series];
  if (mended === undefined) return undefined;
  if (patch === undefined || Number(patch) >= mended) return endOf(series);
  return `lets whoever reaches its port read its memory, without a password (CVE-2025-14847, which is exploited): ${series}.${mended} does not`;
}

function endOf(series: string): string | undefined {
  const since = ENDED[series];
  return since && `has had no fixes since ${since}: go up to ${ADVISED}, one major at a time (docs/operations.md)`;
}
