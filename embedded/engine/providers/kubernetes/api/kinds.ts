/** Where a kind's objects are found. */
export interface KindPath {
  plural: string;
  namespaced: boolean;
}

const namespaced = (plural: string): KindPath => ({ plural, namespaced: true });
const ofCluster = (plural: string): KindPath => ({ plural, namespaced: false });

/** The kinds that nearly every program uses, so that finding them costs no request. Others are asked of the API server. */
export const commonKinds: Record<string, Record<string, KindPath>> = {
  v1: {
    ConfigMap: namespaced('configmaps'),
    Endpoints: namespaced('endpoints'),
    Event: namespaced('events'),
    LimitRange: namespaced('limitranges'),
    Namespace: ofCluster('namespaces'),
    Node: ofCluster('nodes'),
    PersistentVolume: ofCluster('persistentvolumes'),
    PersistentVolumeClaim: namespaced('persistentvolumeclaims'),
    Pod: namespaced('pods'),
    ResourceQuota: namespaced('resourcequotas'),
    Secret: namespaced('secrets'),
    Service: namespaced('services'),
    ServiceAccount: namespaced('serviceaccounts'),
  },
  'apps/v1': {
    DaemonSet: namespaced('daemonsets'),
    Deployment: namespaced('deployments'),
    ReplicaSet: namespaced('replicasets'),
    StatefulSet: namespaced('statefulsets'),
  },
  'autoscaling/v2': { HorizontalPodAutoscaler: namespaced('horizontalpodautoscalers') },
  'batch/v1': { CronJob: namespaced('cronjobs'), Job: namespaced('jobs') },
  'discovery.k8s.io/v1': { EndpointSlice: namespaced('endpointslices') },
  'networking.k8s.io/v1': { Ingress: namespaced('ingresses'), NetworkPolicy: namespaced('networkpolicies') },
  'policy/v1': { PodDisruptionBudget: namespaced('poddisruptionbudgets') },
  'rbac.authorization.k8s.io/v1': {
    ClusterRole: ofCluster('clusterroles'),
    ClusterRoleBinding: ofCluster('clusterrolebindings'),
    Role: namespaced('roles'),
    RoleBinding: namespaced('rolebindings'),
  },
  'scheduling.k8s.io/v1': { PriorityClass: ofCluster('priorityclasses') },
  'storage.k8s.io/v1': { StorageClass: ofCluster('storageclasses') },
  'apiextensions.k8s.io/v1': { CustomResourceDefinition: ofCluster('customresourcedefinitions') },
};
