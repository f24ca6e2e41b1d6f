import { PersistentVolume, PersistentVolumeClaim } from '@pulumi/kubernetes/core/v1';
import { objectMeta, selectorLabels } from '../workload/metadata';
import { type Database, ordinals, volumeOptions } from './identity';
import { claimSpec } from './storage';

/** Claim and volume of one member, under upstream's names. */
interface Names {
  claim: string;
  volume: string;
}

/** As upstream's `install.sh` of a database forms them. */
export function adoptedNames({ name }: Database, ordinal: number): Names {
  return { claim: `${name}-pvc-${ordinal}`, volume: `${name}-pv-${ordinal}` };
}

/**
 * The claims that upstream's installer made, with their volumes. What of them cannot be changed is as upstream has it: names,
 * the path without a type, and any node with the database's label rather than one. The pods tell which.
 */
export function adoptedClaims(database: Database): PersistentVolumeClaim[] {
  const { storage } = database.config;
  const paths = 'directories' in storage ? storage.directories : [];
  return ordinals(database).map((ordinal) => adoptedClaim(database, ordinal, paths[ordinal]?.path ?? ''));
}

function adoptedClaim(database: Database, ordinal: number, path: string): PersistentVolumeClaim {
  const { name, namespace, parent } = database;
  const { claim, volume } = adoptedNames(database, ordinal);
  const labels = selectorLabels(name);
  const options = { parent, ...volumeOptions(database) };
  const dependsOn = adoptedVolume(database, volume, path);
  return new PersistentVolumeClaim(
    claim,
    {
      metadata: objectMeta(claim, { namespace, labels, annotations: { 'pulumi.com/skipAwait': 'true' } }),
      spec: { ...claimSpec(database), volumeName: volume },
    },
    { ...options, dependsOn },
  );
}

function adoptedVolume(database: Database, volume: string, path: string): PersistentVolume {
  const { name, config, parent } = database;
  const matchExpressions = [{ key: name, operator: 'In', values: ['yes'] }];
  return new PersistentVolume(
    volume,
    {
      metadata: objectMeta(volume, { labels: selectorLabels(name) }),
      spec: {
        capacity: { storage: config.size },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        hostPath: { path },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
      },
    },
    { parent, ...volumeOptions(database) },
  );
}
