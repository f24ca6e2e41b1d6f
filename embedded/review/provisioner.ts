import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, type Json, type JsonMap, at, listAt, mapAt, textAt } from '../../kubernetes-api';

/** How often the cluster is looked at, in milliseconds. */
const INTERVAL = 250;

const CLASSES = '/apis/storage.k8s.io/v1/storageclasses';

/** What a stack gets that names no StorageClass. */
const DEFAULT_CLASS = 'default';

const VOLUMES = '/api/v1/persistentvolumes';

/**
 * Does for a cluster what its owner has done for the real one: volumes for claims of any StorageClass (which can grow: that
 * of the real cluster may be another), and the labels that StatefulSets ask of nodes and nobody else gives.
 */
export class Provisioner {
  private readonly classes = new Set<string>();
  private readonly volumes = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly api: ApiClient) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.api.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.create(CLASSES, storageClassObject(DEFAULT_CLASS)).catch(() => undefined);
    while (!signal.aborted) {
      // A busy API server is asked again.
      await this.provide().catch(() => undefined);
      await sleep(INTERVAL, undefined, { signal }).catch(() => undefined);
    }
  }

  private async provide(): Promise<void> {
    const [claims, sets, nodes] = await Promise.all([
      this.list('/api/v1/persistentvolumeclaims'),
      this.list('/apis/apps/v1/statefulsets'),
      this.list('/api/v1/nodes'),
    ]);
    for (const claim of claims) await this.provideVolume(claim);
    for (const set of sets) await this.labelNodes(mapAt(set, 'spec', 'template', 'spec', 'nodeSelector'), nodes);
  }

  /** A claim that names its volume gets that one from the program. */
  private async provideVolume(claim: Json): Promise<void> {
    const storageClass = textAt(claim, 'spec', 'storageClassName');
    const uid = textAt(claim, 'metadata', 'uid');
    if (storageClass === '' || textAt(claim, 'spec', 'volumeName') !== '' || this.volumes.has(uid)) return;
    if (!this.classes.has(storageClass)) await this.create(CLASSES, storageClassObject(storageClass));
    this.classes.add(storageClass);
    await this.create(VOLUMES, volumeObject(claim, storageClass));
    this.volumes.add(uid);
  }

  /** Labels every node as owners label those of the databases: the program counts them before it asks for any. */
  async labelDatabaseNodes(): Promise<void> {
    const nodes = await this.list('/api/v1/nodes');
    const bare = nodes.filter((node) => !hasLabels(node, DATABASE_NODE));
    await this.labelEach(DATABASE_NODE, bare);
  }

  /** As whoever hands them out makes them. */
  async createNamespaces(): Promise<void> {
    for (const name of NAMESPACES) await this.createNamespace(name);
  }

  /** One with which nothing can be pulled: nothing is. */
  async createPullSecret({ namespace, name }: { namespace: string; name: string }): Promise<void> {
    await this.createNamespace(namespace);
    await this.create(`/api/v1/namespaces/${namespace}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') },
    });
  }

  private createNamespace(name: string): Promise<void> {
    return this.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  private async labelNodes(labels: JsonMap, nodes: Json[]): Promise<void> {
    if (Object.keys(labels).length === 0 || nodes.some((node) => hasLabels(node, labels))) return;
    await this.labelEach(labels, nodes);
  }

  private async labelEach(labels: JsonMap, nodes: Json[]): Promise<void> {
    for (const node of nodes) {
      await this.api.request({
        method: 'PATCH',
        path: `/api/v1/nodes/${textAt(node, 'metadata', 'name')}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels } },
        repeatable: true,
      });
    }
  }

  private async list(path: string): Promise<Json[]> {
    return listAt((await this.api.request({ method: 'GET', path, repeatable: true })).body, 'items');
  }

  /** One that is there already is fine. */
  private async create(path: string, body: JsonMap): Promise<void> {
    await this.api.exchange({ method: 'POST', path, body });
  }
}

/** Upstream's namespaces. */
const NAMESPACES = ['registries', 'utils', 'metrics-system', 'services'];

/** Upstream's labels of nodes that members of the databases run on. */
const DATABASE_NODE = { registry: 'yes', metrics: 'yes', 'metrics-db': 'yes' };

const hasLabels = (node: Json, labels: JsonMap) =>
  Object.entries(labels).every(([key, value]) => at(node, 'metadata', 'labels', key) === value);

const storageClassObject = (name: string): JsonMap => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name,
    annotations: name === DEFAULT_CLASS ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {},
  },
  provisioner: 'aios.network/review',
  allowVolumeExpansion: true,
  volumeBindingMode: 'Immediate',
});

function volumeObject(claim: Json, storageClassName: string): JsonMap {
  const [namespace, name, uid] = ['namespace', 'name', 'uid'].map((key) => textAt(claim, 'metadata', key));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `review-${uid}` },
    spec: {
      capacity: { storage: textAt(claim, 'spec', 'resources', 'requests', 'storage') },
      accessModes: listAt(claim, 'spec', 'accessModes'),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      hostPath: { path: `/review/${uid}` },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName,
    } as JsonMap,
  };
}
