import { UserError } from '../errors';
import type { PlacementFacts } from './facts';
import type { LiveClaim } from './live-data';

/** Whether the volumes of a StorageClass are to be larger than they were. */
export function enlarges(old: PlacementFacts, now: PlacementFacts): boolean {
  return now.localPath === undefined && now.size.bytes > old.size.bytes;
}

/**
 * @param expandable by StorageClass: whether its volumes can grow; undefined where the class may not be looked at
 * @throws UserError naming the classes that Kubernetes enlarges no volume of
 */
export function requireExpandable(
  old: PlacementFacts,
  now: PlacementFacts,
  claims: readonly LiveClaim[],
  expandable: ReadonlyMap<string, boolean | undefined>,
): void {
  const fixed = [...new Set(claims.map(({ storageClass }) => storageClass))].filter(
    (name) => expandable.get(name) === false,
  );
  if (fixed.length === 0) return;
  const { section, size } = now;
  throw new UserError(
    `${section}.size is ${size.text} and was ${old.size.text}: volumes of StorageClass ${fixed.join(', ')} cannot grow, as its ` +
      'allowVolumeExpansion is not true. Nothing was changed. Set it back, or, where the driver of the class can enlarge volumes, ' +
      `kubectl patch storageclass ${fixed.join(' ')} -p '{"allowVolumeExpansion":true}' allows it.`,
  );
}
