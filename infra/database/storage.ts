import { PersistentVolume, PersistentVolumeClaim } from '@pulumi/kubernetes/core/v1';
import type { types } from '@pulumi/kubernetes';
import type { Directory } from '../config';
import { objectMeta, selectorLabels } from '../workload/metadata';
import { HOST } from '../workload/pod';
import { type Database, ordinals, podName, volumeOptions } from './identity';

/** Name of the volume in the StatefulSet's template. */
export const DATA_VOLUME = 'data';

/** Whether the data lies in directories of named nodes rather than in volumes of a StorageClass. */
export function isLocal({ config }: Database): boolean {
  return 'directories' in config.storage;
}

/**
 * The volume claims of all members.
 *
 * The StatefulSet's controller would make the same claims, but its template can never be changed. As resources of the
 * stack they grow with `size`, and the controller finds them there. A claim leaves the stack with its member; a protected one
 * stays in the cluster, and is taken back with it.
 */
export function dataClaims(database: Database): PersistentVolumeClaim[] {
  const { storage } = database.config;
  if (!('directories' in storage)) return ordinals(database).map((ordinal) => dataClaim(database, ordinal));
  return storage.directories.map((directory, ordinal) =>
    dataClaim(database, ordinal, localVolume(database, ordinal, directory)),
  );
}

/** Template of the claims, for the StatefulSet: gives the controller their names. */
export function claimTemplate(database: Database): types.input.core.v1.PersistentVolumeClaim {
  return { metadata: { name: DATA_VOLUME }, spec: claimSpec(database) };
}

function dataClaim(database: Database, ordinal: number, volume?: PersistentVolume): PersistentVolumeClaim {
  const { namespace, parent } = database;
  const name = claimName(database, ordinal);
  return new PersistentVolumeClaim(
    name,
    {
      metadata: objectMeta(name, {
        namespace,
        labels: selectorLabels(database.name),
        // A claim may stay unbound until its pod is scheduled; the StatefulSet is waited for.
        annotations: { 'pulumi.com/skipAwait': 'true' },
      }),
      spec: { ...claimSpec(database), ...(volume && { volumeName: volumeName(database, ordinal) }) },
    },
    {
      parent,
      ...volumeOptions(database),
      ...(volume && { dependsOn: volume, ignoreChanges: [CLAIM_SIZE, CLAIM_VOLUME] }),
    },
  );
}

/** What a member claims. */
export function claimSpec({ config }: Database): types.input.core.v1.PersistentVolumeClaimSpec {
  const { storage, size } = config;
  // An empty class keeps the default StorageClass from making a volume.
  const storageClassName = 'directories' in storage ? '' : storage.storageClass;
  return {
    accessModes: ['ReadWriteOnce'],
    ...(storageClassName !== undefined && { storageClassName }),
    resources: { requests: { storage: size } },
  };
}

/** Not changed for directories: Kubernetes refuses to resize such claims, and a directory is as large as its disk. */
const CLAIM_SIZE = 'spec.resources.requests.storage';
const VOLUME_SIZE = 'spec.capacity.storage';

/**
 * Not changed either: a claim that was deleted by hand is made anew by the StatefulSet's controller, which names no volume in
 * it. The volume's `claimRef` binds it all the same; to name the volume later would replace the claim under its pod.
 */
const CLAIM_VOLUME = 'spec.volumeName';

/**
 * A directory of one node, in upstream's layout, for one claim alone.
 *
 * A hostPath rather than a `local` volume: upstream's directories need not be made by hand, and a `local` volume waits
 * until somebody has. The price is that Kubernetes does not set the directory's owner; the pod does.
 */
function localVolume(database: Database, ordinal: number, { hostname, path }: Directory): PersistentVolume {
  const { namespace, config, parent } = database;
  const name = volumeName(database, ordinal);
  return new PersistentVolume(
    name,
    {
      metadata: objectMeta(name, { labels: selectorLabels(database.name) }),
      spec: {
        capacity: { storage: config.size },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace,
          name: claimName(database, ordinal),
        },
        hostPath: { path, type: 'DirectoryOrCreate' },
        nodeAffinity: onlyOn(hostname),
      },
    },
    { parent, ...volumeOptions(database), ignoreChanges: [VOLUME_SIZE] },
  );
}

function onlyOn(hostname: string): types.input.core.v1.VolumeNodeAffinity {
  const matchExpressions = [{ key: HOST, operator: 'In', values: [hostname] }];
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}

/** As the StatefulSet's controller forms it. */
function claimName(database: Database, ordinal: number): string {
  return `${DATA_VOLUME}-${podName(database, ordinal)}`;
}

function volumeName({ name }: Database, ordinal: number): string {
  return `${name}-${DATA_VOLUME}-${ordinal}`;
}
