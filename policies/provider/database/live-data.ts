import { type ApiClient, type Json, at, isForbidden, isNotFound, listAt, textAt } from '../../../kubernetes-api';
import type { PlacementFacts } from './facts';

/** A member's volume claim, as the cluster has it. */
export interface LiveClaim {
  name: string;
  ordinal: number;
  /** Empty where the data lies in a directory; filled in by the cluster where the stack names none. */
  storageClass: string;
  /** As requested. */
  size: string;
  isBeingDeleted: boolean;
}

/** A member's volume, where it is a directory of a node. */
export interface LiveVolume {
  name: string;
  ordinal: number;
  path: string;
  /** `kubernetes.io/hostname` of its node. */
  hostname: string;
  isBeingDeleted: boolean;
}

/** The pod of a member. */
export interface MemberPod {
  ordinal: number;
  isReady: boolean;
}

/** What the cluster has of a database's data. */
export interface LiveData {
  claims: LiveClaim[];
  volumes: LiveVolume[];
}

type Place = Pick<PlacementFacts, 'namespace' | 'statefulSet'>;

/**
 * Reads a database's claims and directories.
 * @throws ApiError for rights that are missing, UnreachableError for no answer
 */
export async function readLiveData(client: ApiClient, place: Place, signal: AbortSignal): Promise<LiveData> {
  const list = async (path: string) => {
    const query = { labelSelector: `app=${place.statefulSet}` };
    return listAt((await client.request({ method: 'GET', path, query, repeatable: true, signal })).body, 'items');
  };
  const claims = (await list(`/api/v1/namespaces/${place.namespace}/persistentvolumeclaims`)).map(claimOf);
  const hasDirectories = claims.length === 0 || claims.some(({ storageClass }) => storageClass === '');
  const isOfPlace = (volume: Json) => textAt(volume, 'spec', 'claimRef', 'namespace') === place.namespace;
  const volumes = hasDirectories ? (await list('/api/v1/persistentvolumes')).filter(isOfPlace).map(volumeOf) : [];
  return { claims: inOrder(claims), volumes: inOrder(volumes) };
}

/**
 * Reads the pods of a database's members.
 * @throws ApiError for rights that are missing, UnreachableError for no answer
 */
export async function readMemberPods(client: ApiClient, place: Place, signal: AbortSignal): Promise<MemberPod[]> {
  const path = `/api/v1/namespaces/${place.namespace}/pods`;
  const query = { labelSelector: `app=${place.statefulSet}` };
  const { body } = await client.request({ method: 'GET', path, query, repeatable: true, signal });
  return listAt(body, 'items').map((pod) => {
    const conditions = listAt(pod, 'status', 'conditions');
    const isReady = conditions.some((one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True');
    const { ordinal, isBeingDeleted } = memberOf(pod);
    return { ordinal, isReady: isReady && !isBeingDeleted };
  });
}

/** Whether volumes of a StorageClass can grow; undefined where the class may not be looked at. */
export async function isExpandable(
  client: ApiClient,
  storageClass: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const path = `/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(storageClass)}`;
    const { body } = await client.request({ method: 'GET', path, repeatable: true, signal });
    return at(body, 'allowVolumeExpansion') === true;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    // As the API server has it: what no class allows is not allowed.
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** The StorageClass that claims without one get; undefined where there is none, or where it may not be looked at. */
export async function defaultStorageClass(client: ApiClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const path = '/apis/storage.k8s.io/v1/storageclasses';
    const { body } = await client.request({ method: 'GET', path, repeatable: true, signal });
    const found = listAt(body, 'items').find((item) => textAt(item, 'metadata', 'annotations', DEFAULT) === 'true');
    return found === undefined ? undefined : nameOf(found);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

function claimOf(claim: Json): LiveClaim {
  return {
    ...memberOf(claim),
    storageClass: textAt(claim, 'spec', 'storageClassName'),
    size: textAt(claim, 'spec', 'resources', 'requests', 'storage'),
  };
}

function volumeOf(volume: Json): LiveVolume {
  const [term] = listAt(at(volume, 'spec', 'nodeAffinity', 'required'), 'nodeSelectorTerms');
  const [hostname] = listAt(listAt(term, 'matchExpressions')[0], 'values');
  return {
    ...memberOf(volume),
    path: textAt(volume, 'spec', 'hostPath', 'path'),
    hostname: typeof hostname === 'string' ? hostname : '',
  };
}

function memberOf(object: Json) {
  const name = nameOf(object);
  const isBeingDeleted = at(object, 'metadata', 'deletionTimestamp') !== undefined;
  return { name, ordinal: Number(/\d+$/.exec(name)?.[0] ?? 0), isBeingDeleted };
}

const nameOf = (object: Json) => textAt(object, 'metadata', 'name');

const inOrder = <T extends { ordinal: number }>(items: T[]) => items.sort((one, other) => one.ordinal - other.ordinal);
