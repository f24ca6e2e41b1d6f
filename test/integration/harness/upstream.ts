import { readFileSync } from 'node:fs';
import path from 'node:path';

interface UpstreamService {
  deployment: string;
  namespace: string;
  app: string;
  replicas: number;
  containers: {
    name: string;
    image: string;
    imagePullPolicy: string | null;
    ports: number[];
    env: Record<string, string>;
  }[];
  services: {
    name: string;
    type: string;
    selector: Record<string, string>;
    ports: { name?: string; port: number; targetPort: number; nodePort?: number }[];
  }[];
}

const LIST = path.resolve(__dirname, '../../golden/upstream-services.json');

const { services } = JSON.parse(readFileSync(LIST, 'utf8')) as { services: UpstreamService[] };

/** Namespaces of upstream's network. */
export const NAMESPACES = ['registries', 'metrics-system', 'utils', 'services'];

/** The Deployments and Services of the network as upstream's manifests have them, in a list as kubectl takes it. */
export function upstreamServices(): object {
  return list(
    services.flatMap((service) => [deployment(service), ...service.services.map((one) => front(service, one))]),
  );
}

function deployment({ deployment: name, namespace, app, replicas, containers }: UpstreamService): object {
  return workload(name, namespace, app, replicas, {
    containers: containers.map(({ name: container, image, imagePullPolicy, ports, env }) => ({
      name: container,
      // Upstream leaves the gateway's to whoever installs it.
      image: image || '34.58.1.86:31280/mgmt/cluster-controller-gateway:latest',
      ...(imagePullPolicy !== null && { imagePullPolicy }),
      ports: ports.map((containerPort) => ({ containerPort })),
      env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

function front({ namespace }: UpstreamService, { name, type, selector, ports }: UpstreamService['services'][number]) {
  const numbered = ports.map((port) => ({ protocol: 'TCP', ...port }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { type, selector, ports: numbered },
  };
}

/**
 * What upstream's installer makes for one member of a database: OpenCyberspace/AIGr.id @6b2b17a, k8s/installer/db/install.sh
 * (registry) and k8s/installer/metrics/install_db.sh (metrics-db).
 */
export function upstreamMember(database: string, namespace: string, ordinal: number, size: string): object {
  const [member, volume, claim] = ['', 'pv-', 'pvc-'].map((part) => `${database}-${part}${ordinal}`);
  const common = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
  const term = { matchExpressions: [{ key: database, operator: 'In', values: ['yes'] }] };
  return list([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume, labels: { 'volume-id': member } },
      spec: {
        ...common,
        capacity: { storage: size },
        hostPath: { path: `/mnt/data/${member}` },
        persistentVolumeReclaimPolicy: 'Retain',
        nodeAffinity: { required: { nodeSelectorTerms: [term] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace },
      spec: { ...common, volumeName: volume, resources: { requests: { storage: size } } },
    },
    workload(member ?? '', namespace, member ?? '', 1, {
      containers: [
        {
          name: 'mongo',
          image: 'mongo:6.0',
          command: ['mongod', '--replSet', 'rs0', '--bind_ip_all'],
          ports: [{ containerPort: 27017 }],
          volumeMounts: [{ name: 'data', mountPath: '/data/db' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: member, namespace },
      spec: { selector: { app: member }, ports: [{ port: 27017, targetPort: 27017 }] },
    },
  ]);
}

const list = (items: object[]) => ({ apiVersion: 'v1', kind: 'List', items });

function workload(name: string, namespace: string, app: string, replicas: number, spec: object): object {
  const template = { metadata: { labels: { app } }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: { app } }, template },
  };
}
