import type { ServiceName } from './catalogue';

/** A point of "What the upstream installer gets wrong" in embedded/network/CONTRACT.md, without its F. */
type UpstreamFault = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

interface Reasoned {
  reason: string;
  /** The fault of upstream that the deviation repairs. */
  fault?: UpstreamFault;
}

/** A field of a service that has another value than upstream. */
export interface ValueDeviation extends Reasoned {
  /** Default: every service that has the field. */
  service?: ServiceName;
  /** `env.<VARIABLE>`, `image` or `imagePullPolicy` of a container; `selector` or `nodePort` of the Service. */
  field: string;
  /** Container, where it isn't the service's own. */
  container?: string;
  /** Absent: upstream's has no such field. */
  upstream?: string;
  ours: string;
}

/** A field, or an object, that upstream's services don't have. */
export interface Addition extends Reasoned {
  /** Kind of the object; with `field` one of the two kinds that upstream has. */
  kind: 'Deployment' | 'Service' | 'ServiceAccount' | 'NetworkPolicy' | 'PodDisruptionBudget';
  /** Path of the field; a list's elements share one path. Default: the whole object is new. */
  field?: string;
}

/** Something that no field of a service shows. */
export interface BehaviourDeviation extends Reasoned {
  upstream: string;
  ours: string;
}

/** Where a service of ours says something else than upstream's. Names, ports, nodePorts and env keys stay otherwise. */
export const valueDeviations: readonly ValueDeviation[] = [
  {
    service: 'networks-registry',
    field: 'selector',
    upstream: 'app=networks-registry-db',
    ours: 'app=networks-registry',
    reason: 'Upstream selects pods that do not exist: the Service has no endpoints.',
    fault: 4,
  },
  {
    service: 'policies-system',
    field: 'env.RESOURCE_ALLOCATOR_API_URL',
    upstream: 'http://resource-allocator.services.svc.cluster.local:3000',
    ours: 'http://resource-allocator.utils.svc.cluster.local:7777',
    reason: 'Upstream names the wrong namespace and a port that the service does not have.',
    fault: 5,
  },
  {
    service: 'parser',
    field: 'nodePort',
    upstream: '30501',
    ours: '30500',
    reason: 'The membership server of every cluster claims 30501, and the documentation says 30500.',
    fault: 10,
  },
  {
    service: 'splits-runners-registry',
    field: 'env.MODEL_LAYERS_REGISTRY_URL',
    upstream: 'http://layers-registry-svc:8002',
    ours: 'http://layers-registry-svc.registries.svc.cluster.local:8002',
    reason: 'Every address is derived from the catalogue in its full form; the short one works in one namespace only.',
  },
  {
    service: 'splits-runners-registry',
    field: 'env.BLOCKS_DB_URL',
    upstream: 'http://blocks-db-svc:3001',
    ours: 'http://blocks-db-svc.registries.svc.cluster.local:3001',
    reason: 'Every address is derived from the catalogue in its full form; the short one works in one namespace only.',
  },
  ...(['tasks-db', 'vdag-processor'] as const).flatMap((service) => [
    {
      service,
      container: 'redis',
      field: 'image',
      upstream: 'redis:latest',
      ours: 'redis:7',
      reason: 'latest may be another release at every restart; metrics-redis names 7, which serves here too.',
      fault: 7 as const,
    },
    {
      service,
      container: 'redis',
      field: 'imagePullPolicy',
      upstream: 'Always',
      ours: 'IfNotPresent',
      reason: 'Follows from the tag: one that is not latest need not be asked for again.',
    },
  ]),
  {
    service: 'cluster-controller-gateway',
    field: 'image',
    upstream: '',
    ours: 'gateway.image',
    reason: 'Upstream names no image; the stack has to.',
    fault: 6,
  },
  ...['MONGO_URL', 'MONGO_HOST_URL', 'DB_URL'].map((variable) => ({
    field: `env.${variable}`,
    upstream: 'mongodb://<member 0>',
    ours: 'mongodb://<user>:<password>@<all members>',
    reason:
      'With member 0 alone there is no failover. The string comes from a Secret: a change of members restarts nothing.',
    fault: 3 as const,
  })),
  {
    service: 'policies-system',
    field: 'env.PUBLIC_DB_URL',
    upstream: 'mongodb://<member 0>',
    ours: 'mongodb://<all members>',
    reason: 'Copied in plain text into the executors of other clusters: no password is to leave the cluster unasked.',
    fault: 7,
  },
  {
    service: 'tasks-db',
    container: 'status-writer',
    field: 'env.MONGO_URL',
    ours: 'mongodb://<user>:<password>@<all members>',
    reason: 'Without it the writer takes status updates off the queue, and writes them to a database on localhost.',
  },
];

const LABELS = 'The recommended labels tell what belongs to the network and who manages it.';
const ANNOTATIONS = 'Tell Pulumi to take back a field that somebody changed by hand, and what to wait for.';

/** What our services have beside upstream's fields. */
export const additions: readonly Addition[] = [
  { kind: 'Deployment', field: 'metadata.labels', reason: LABELS },
  { kind: 'Deployment', field: 'metadata.annotations', reason: ANNOTATIONS },
  { kind: 'Deployment', field: 'spec.template.metadata.labels', reason: LABELS },
  { kind: 'Deployment', field: 'spec.revisionHistoryLimit', reason: 'The stack is the history; three are enough.' },
  {
    kind: 'Deployment',
    field: 'spec.strategy',
    reason: 'A rollout of one replica is no outage; a service that keeps data in its pod never runs twice.',
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.serviceAccountName',
    reason: 'Upstream makes the default service accounts cluster-admin; ours have no permission at all.',
    fault: 7,
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.automountServiceAccountToken',
    reason: 'No service of the management cluster is known to call the API of the cluster that it runs in.',
    fault: 7,
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.imagePullSecrets',
    reason: 'The image registry of a stack may want credentials.',
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.topologySpreadConstraints',
    reason: 'Replicas on one host fail together.',
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.volumes',
    reason: 'A redis with a read-only root filesystem writes to an emptyDir, which outlives its container.',
    fault: 7,
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.containers.volumeMounts',
    reason: 'Mounts that emptyDir.',
    fault: 7,
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.containers.args',
    reason: 'A redis has a bound below its memory limit, and one that holds metrics writes no snapshots.',
    fault: 7,
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.terminationGracePeriodSeconds',
    reason: 'A pod that has to be gone before the next one starts is not waited for in vain.',
  },
  {
    kind: 'Deployment',
    field: 'spec.template.spec.containers.resources',
    reason: 'Without requests pods are placed blindly, without a memory limit one takes its node down.',
    fault: 7,
  },
  ...['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => ({
    kind: 'Deployment' as const,
    field: `spec.template.spec.containers.${probe}`,
    reason: 'A pod that accepts no connections gets no requests, and is restarted.',
    fault: 7 as const,
  })),
  {
    kind: 'Deployment',
    field: 'spec.template.spec.containers.securityContext',
    reason: 'As strict as images that may run as root allow.',
    fault: 7,
  },
  { kind: 'Service', field: 'metadata.labels', reason: LABELS },
  { kind: 'Service', field: 'metadata.annotations', reason: ANNOTATIONS },
  {
    kind: 'Service',
    field: 'spec.ports.protocol',
    reason: 'The default, said so that no merge of ports is ambiguous.',
  },
  {
    kind: 'ServiceAccount',
    reason: 'Each service has an identity of its own, without token or permissions.',
    fault: 7,
  },
  {
    kind: 'NetworkPolicy',
    reason: 'Only the ports of the Service are open: a sidecar such as redis is reached from its pod alone.',
    fault: 7,
  },
  { kind: 'PodDisruptionBudget', reason: 'Draining a node takes one replica at a time.', fault: 7 },
];

/** What differs beyond the fields of services. */
export const behaviourDeviations: readonly BehaviourDeviation[] = [
  {
    upstream: "The guide's kubectl patch replaces the gateway's whole environment.",
    ours: 'The environment is made of the configuration as a whole: changing one setting keeps all the others.',
    reason: 'A switch of the execution mode must not lose 20 variables.',
    fault: 1,
  },
  {
    upstream: "The gateway's Deployment holds the pre-check policies: a change of them restarts it.",
    ours: 'Its environment refers to a ConfigMap, and a change is posted to the running gateway too.',
    reason: 'Governance must not interrupt what it governs, and a restart must not fall back to older policies.',
  },
  {
    upstream: 'Only the volumes of databases look at node labels; the affinity of pods is commented out.',
    ours: 'Pods of databases require the labels, and the stack can set them on named nodes.',
    reason: 'Data belongs on the nodes that were chosen for it.',
    fault: 2,
  },
  {
    upstream: 'Image names and several URLs carry the address 34.58.1.86.',
    ours: 'services.imageRegistry and network.advertisedHost, the latter with the node ports of the catalogue.',
    reason: 'Each network has an address and a registry of its own.',
    fault: 6,
  },
  {
    upstream: 'Databases without authentication; kubectl with --insecure-skip-tls-verify.',
    ours: 'Generated passwords and keyfile; the context of a kubeconfig.',
    reason: 'Anybody who reaches a node port must not be able to write to the registries.',
    fault: 7,
  },
  {
    upstream: 'A bare Pod initiates the replica set once.',
    ours: 'The members reconcile their configuration with the wanted one, as often as needed.',
    reason: 'Scaling has to reach the replica set and not only the StatefulSet.',
    fault: 8,
  },
  {
    upstream: 'Fixed sleeps, prompts, kubectl create.',
    ours: 'Readiness is awaited, and the stack is compared with what exists.',
    reason: 'A second run must change nothing, and what left the configuration must go.',
    fault: 9,
  },
  {
    upstream: 'An update of a service whose data is in its pod starts the new pod beside the old one.',
    ours: 'The old pod is stopped first: tasks-db, metrics-redis and vdag-processor are away for a moment.',
    reason: 'Two pods behind one Service would each hold half of the data.',
  },
];
