import type { PlacementFacts } from './facts';
import type { LiveData } from './live-data';

/**
 * Where the cluster has a database's data already, in the words of a record: of a stack that is up since before its places were
 * recorded, or of what was kept when it was taken down.
 *
 * @param wanted what is to be recorded; what the cluster cannot tell is taken from it
 * @param defaultClass of the cluster
 * @returns undefined where there is no data, or where it is cannot be told
 */
export function foundPlace(
  wanted: PlacementFacts,
  { claims, volumes }: LiveData,
  defaultClass: string | undefined,
): PlacementFacts | undefined {
  const [claim] = claims.filter(({ isBeingDeleted }) => !isBeingDeleted);
  if (claim === undefined) return undefined;
  const { section, statefulSet, namespace, size, protect, unsafe, tls } = wanted;
  // That the members run may be assumed: whoever moves data stops them by an update of its own.
  const found = { section, statefulSet, namespace, size, protect, unsafe, ...(tls && { tls }), stopped: false };
  if (claim.storageClass !== '') {
    const isDefault = wanted.storageClass === undefined && claim.storageClass === (defaultClass ?? claim.storageClass);
    return isDefault ? found : { ...found, storageClass: claim.storageClass };
  }
  const [volume] = volumes;
  const localPath = volume && new RegExp(`^(.+)-${volume.ordinal}$`).exec(volume.path)?.[1];
  if (localPath === undefined || volumes.some(({ ordinal }, index) => ordinal !== index)) return undefined;
  return { ...found, localPath, nodes: volumes.map(({ hostname }) => hostname) };
}
