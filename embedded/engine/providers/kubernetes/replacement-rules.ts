import { type Path, child } from '../../values/paths';
import type { PropertyMap, Value } from '../../values/value';
import type { Settings } from './settings';

const identity = ['metadata.name', 'metadata.namespace'];

const VOLUME_SOURCES =
  'awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath ' +
  'iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume';

const inSpec = (names: string) => names.split(' ').map((name) => `spec.${name}`);

/**
 * The fields whose change replaces an object, as pulumi-kubernetes 4.34 has them for the kinds that this provider takes. What
 * the API server refuses to change besides these fails the update.
 */
const rules: Record<string, string[]> = {
  'apps/v1/StatefulSet': inSpec('podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates'),
  'apps/v1/Deployment': ['spec.selector'],
  'v1/PersistentVolume': inSpec(VOLUME_SOURCES),
  'v1/PersistentVolumeClaim': inSpec('accessModes selector storageClassName volumeName'),
  'v1/ResourceQuota': ['spec.scopes'],
  'v1/Secret': ['type'],
  'v1/Service': ['spec.clusterIP'],
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/v1/RoleBinding': ['roleRef'],
  'storage.k8s.io/v1/StorageClass': ['parameters', 'provisioner'],
};

/** A place in an object, by keys. */
export type FieldPath = readonly string[];

/** The fields whose change replaces this object. */
export function replacingFields(
  object: PropertyMap,
  patchResource: boolean,
  settings: Pick<Settings, 'enableConfigMapMutable' | 'enableSecretMutable'>,
): FieldPath[] {
  const kind = `${text(object.apiVersion)}/${text(object.kind)}`;
  // Names a few fields of somebody's object: only another object is another resource.
  const fields = patchResource ? [] : [...(rules[kind] ?? []), ...dataFields(kind, object, settings)];
  return [...identity, ...fields].map((field) => field.split('.'));
}

function dataFields(
  kind: string,
  object: PropertyMap,
  settings: Pick<Settings, 'enableConfigMapMutable' | 'enableSecretMutable'>,
): string[] {
  const immutable = object.immutable === true;
  if (kind === 'v1/Secret' && (immutable || !settings.enableSecretMutable)) return ['data', 'stringData'];
  if (kind === 'v1/ConfigMap' && (immutable || !settings.enableConfigMapMutable)) return ['data', 'binaryData'];
  return [];
}

const text = (value: Value | undefined) => (typeof value === 'string' ? value : '');

/**
 * Whether a change at the path changes one of the fields: the field itself, a part of it, or something around it that
 * came or went with it.
 *
 * @param changed what came, or for a deletion what went
 */
export function changesField(fields: FieldPath[], path: Path, changed: Value | undefined): boolean {
  return fields.some((field) => {
    const shared = Math.min(field.length, path.length);
    if (field.slice(0, shared).some((key, i) => key !== path[i])) return false;
    return field.slice(shared).reduce(child, changed) !== undefined || path.length >= field.length;
  });
}
