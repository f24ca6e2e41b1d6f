import { Path } from '../../values/paths';
import { PropertyMap, Secret, Value, isPropertyMap, reveal } from '../../values/value';
import { Settings } from './settings';

const identity = ['metadata.name', 'metadata.namespace'];

const roleBinding = ['roleRef'];
const statefulSet = ['podManagementPolicy', 'revisionHistoryLimit', 'selector', 'serviceName', 'volumeClaimTemplates'];
const job = ['completions', 'parallelism', 'selector', 'template'];

const volumeSources =
  'awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath ' +
  'iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume';

const pod =
  'affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID ' +
  'hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates ' +
  'restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace ' +
  'subdomain terminationGracePeriodSeconds volumes';

const container =
  'args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin ' +
  'stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir';

const under = (prefix: string, names: string | string[]) =>
  (typeof names === 'string' ? names.split(' ') : names).map((name) => `${prefix}.${name}`);

/**
 * The fields whose change replaces an object, as pulumi-kubernetes 4.34 has them. What the API server refuses to change
 * besides these fails the update.
 */
const rules: Record<string, string[]> = {
  'apps/v1beta1/StatefulSet': under('spec', statefulSet),
  'apps/v1beta2/StatefulSet': under('spec', statefulSet),
  'apps/v1beta2/Deployment': ['spec.selector'],
  'apps/v1beta2/DaemonSet': ['spec.selector'],
  'apps/v1/StatefulSet': under('spec', statefulSet),
  'apps/v1/Deployment': ['spec.selector'],
  'apps/v1/DaemonSet': ['spec.selector'],
  'v1/PersistentVolume': under('spec', volumeSources),
  'v1/PersistentVolumeClaim': under('spec', 'accessModes selector storageClassName volumeName'),
  'v1/Pod': [
    ...under('spec', pod),
    ...under('spec.containers.*', container),
    ...under('spec.initContainers.*', container),
  ],
  'v1/ResourceQuota': ['spec.scopes'],
  'v1/Secret': ['type'],
  'v1/Service': ['spec.clusterIP'],
  'policy/v1beta1/PodDisruptionBudget': ['spec'],
  'rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding': roleBinding,
  'rbac.authorization.k8s.io/v1beta1/RoleBinding': roleBinding,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': roleBinding,
  'rbac.authorization.k8s.io/v1/RoleBinding': roleBinding,
  'storage.k8s.io/v1/StorageClass': ['parameters', 'provisioner'],
  'batch/v1beta1/Job': under('spec', job),
  'batch/v1/Job': under('spec', job),
};

/** A place in an object; `*` stands for every element of a list. */
export type FieldPattern = readonly string[];

/** The fields whose change replaces this object. */
export function replacingFields(
  object: PropertyMap,
  patchResource: boolean,
  settings: Pick<Settings, 'enableConfigMapMutable' | 'enableSecretMutable'>,
): FieldPattern[] {
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
export function changesField(fields: FieldPattern[], path: Path, changed: Value | undefined): boolean {
  return fields.some((field) => {
    const shared = Math.min(field.length, path.length);
    for (let i = 0; i < shared; i++) if (!matches(field[i], path[i])) return false;
    return path.length >= field.length || holds(changed, field.slice(path.length));
  });
}

const matches = (pattern: string | undefined, element: string | number | undefined) =>
  typeof element === 'number' ? pattern === '*' : pattern === element;

function holds(value: Value | undefined, field: FieldPattern): boolean {
  const [first, ...rest] = field;
  if (first === undefined) return value !== undefined;
  const plain = value instanceof Secret ? reveal(value) : value;
  if (Array.isArray(plain)) return first === '*' && plain.some((item) => holds(item, rest));
  return isPropertyMap(plain) && first in plain && holds(plain[first], rest);
}
