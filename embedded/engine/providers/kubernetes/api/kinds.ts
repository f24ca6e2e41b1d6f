/** Where a kind's objects are found. */
export interface KindPath {
  plural: string;
  namespaced: boolean;
}

/** The kinds that nearly every program uses, so that finding them costs no request. Others are asked of the API server. */
const namespaced: Record<string, string> = {
  v1: 'ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod ResourceQuota Secret Service ServiceAccount',
  'apps/v1': 'DaemonSet Deployment ReplicaSet StatefulSet',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'networking.k8s.io/v1': 'Ingress NetworkPolicy',
  'policy/v1': 'PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': 'Role RoleBinding',
};

/** The same for objects of the cluster itself. */
const ofCluster: Record<string, string> = {
  v1: 'Namespace Node PersistentVolume',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'storage.k8s.io/v1': 'StorageClass',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
};

/** Undefined for a kind that only the API server can tell. */
export function commonKind({ apiVersion, kind }: { apiVersion: string; kind: string }): KindPath | undefined {
  const isIn = (table: Record<string, string>) => table[apiVersion]?.split(' ').includes(kind) ?? false;
  if (isIn(namespaced)) return { plural: pluralOf(kind), namespaced: true };
  return isIn(ofCluster) ? { plural: pluralOf(kind), namespaced: false } : undefined;
}

/** As Kubernetes' own UnsafeGuessKindToResource: it holds for the kinds above. */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === 'endpoints') return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
