import { SERVICE_NAMES } from '../../../../infra/catalogue';
import { parseConfig } from '../../../../infra/config';
import { problems, raw } from './subject';

type Row = [rule: string, sections: Record<string, unknown>, ...problem: string[]];

const DIGEST = `sha256:${'a'.repeat(64)}`;
const services = (overrides: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  services: { imageRegistry: 'r.example.org', overrides, ...rest },
});

const STORE = { endpoint: 'https://s3.example.org', bucket: 'b-1', accessKeyId: 'id', secretAccessKey: 'open' };

const BACKUP = { to: { volume: {} } };
const adopted = (localPath: string) => ({ storage: { localPath }, nodes: ['a', 'b', 'c'] });

const databases: Row[] = [
  [
    'an even number of members',
    { registry: { replicas: 4 } },
    'aios-network:registry.replicas: 4',
    'must be odd: of 4 members no more may fail than of 3',
    'fix: set 3 or 5, or allow it with registry.unsafe.evenReplicas: true',
  ],
  [
    'a node named twice',
    { metrics: { nodes: ['a', 'b', 'a'] } },
    'aios-network:metrics.nodes[2]: "a"',
    'must be named once, and is metrics.nodes[0] already',
    'fix: remove it',
  ],
  [
    'a node named twice, once with its hostname',
    { metrics: { nodes: ['a', { name: 'a', hostname: 'b' }] } },
    'aios-network:metrics.nodes[1]: "a"',
    'must be named once, and is metrics.nodes[0] already',
    'fix: remove it',
  ],
  [
    'local paths without a node for every member',
    { registry: { storage: { localPath: '/mnt/data/registry' }, nodes: ['a', 'b'] } },
    'aios-network:registry.nodes:',
    'must name a node for each of the 3 members, whose data lies in registry.storage.localPath; 2 given',
    'fix: name 3 nodes, or use registry.storage.storageClass',
  ],
  [
    'one local path for both databases',
    {
      registry: { storage: { localPath: '/mnt/data' }, nodes: ['a', 'b', 'c'] },
      metrics: { storage: { localPath: '/mnt/data' }, nodes: ['d', 'e', 'f'] },
    },
    'aios-network:metrics.storage.localPath: "/mnt/data"',
    'must differ from registry.storage.localPath: both databases would write into the same directories',
    'fix: for example localPath: /mnt/data/metrics-db',
  ],
  [
    'a database without passwords that upstream has not made',
    { registry: { authentication: 'none' } },
    'aios-network:registry.authentication: "none"',
    'must be enforced: only a network that upstream installed is without passwords at first',
    'fix: remove the key; where the network is to be taken over, set cluster.adopt: true (docs/adopt.md)',
  ],
  [
    'adopted volumes of a class',
    { cluster: { context: 'c', adopt: true }, metrics: adopted('/mnt/data/metrics-db'), registry: {} },
    'aios-network:registry.storage:',
    "must be the localPath that upstream's installer has the data in, as cluster.adopt is true",
    'fix: storage: { localPath: /mnt/data/registry }, with registry.nodes in the order of the members: `make adopt` tells them',
  ],
  [
    'backups without users',
    {
      cluster: { context: 'c', adopt: true },
      registry: { ...adopted('/mnt/data/registry'), authentication: 'none', backup: BACKUP },
      metrics: adopted('/mnt/data/metrics-db'),
    },
    'aios-network:registry.backup:',
    'needs users, and registry.authentication is none',
    'fix: remove it until registry.authentication is transition',
  ],
  [
    'another domain of an adopted network',
    {
      cluster: { context: 'c', adopt: true, domain: 'example.org' },
      registry: adopted('/mnt/data/registry'),
      metrics: adopted('/mnt/data/metrics-db'),
    },
    'aios-network:cluster.domain: "example.org"',
    'must be cluster.local: the members of a set that upstream installed know each other by names that end in it',
    'fix: remove it',
  ],
  [
    'two adopted members on one node, unsaid',
    {
      cluster: { context: 'c', adopt: true },
      registry: { ...adopted('/mnt/data/registry'), nodes: ['a', 'b', 'c', 'a'] },
      metrics: adopted('/mnt/data/metrics-db'),
    },
    'aios-network:registry.nodes[3]: "a"',
    'must be named once, and is registry.nodes[0] already',
    'fix: remove it; where two members do run on it, set registry.unsafe.sharedHosts: true',
  ],
  [
    'a schedule that is none',
    { registry: { backup: { schedule: '0 25 * * *', to: { volume: {} } } } },
    'aios-network:registry.backup.schedule: "0 25 * * *"',
    'must have an hour from 0 to 23, and has "25" (*, N, N-M, */N and lists of them are known)',
    'fix: for example schedule: 0 2 * * *',
  ],
  [
    'backups of which none is kept',
    { metrics: { backup: { keep: 0, to: { volume: {} } } } },
    'aios-network:metrics.backup.keep: 0',
    'must be at least 1: without any there is nothing to restore',
    'fix: for example keep: 7',
  ],
  [
    'backups that go to a volume and to a store',
    { metrics: { backup: { to: { volume: {}, s3: STORE } } } },
    'aios-network:metrics.backup.to: (an object)',
    'must be either a volume or an s3 store',
    'fix: give one of the two, for example volume: {}',
  ],
  [
    'a key of a store in plain text',
    { metrics: { backup: { to: { s3: STORE } } } },
    'aios-network:metrics.backup.to.s3.secretAccessKey:',
    'must be encrypted, and stands in the file as plain text',
    "fix: pulumi config set --path --secret 'metrics.backup.to.s3.secretAccessKey', and replace the key: it may be in git already",
  ],
  [
    'backups that go nowhere',
    { registry: { backup: {} } },
    'aios-network:registry.backup.to:',
    'is required',
    'fix: give an object with the keys volume, s3',
  ],
  [
    'half a rotation',
    { registry: { rotate: -1 } },
    'aios-network:registry.rotate: -1',
    'must not be negative: each rotation has the next number',
    'fix: for example rotate: 1',
  ],
  [
    'a request above the default limit',
    { registry: { resources: { requests: { memory: '4Gi' } } } },
    'aios-network:registry.resources.requests.memory: "4Gi"',
    'must be at most the limit, 2Gi',
    'fix: lower the request, or raise limits.memory',
  ],
  [
    'a cache that fills the memory limit',
    { registry: { cacheGB: 2 } },
    'aios-network:registry.cacheGB: 2',
    'must be below the memory limit, 2Gi: mongod would be killed as the cache fills',
    'fix: lower it, or raise registry.resources.limits.memory',
  ],
];

const catalogue: Row[] = [
  [
    'an override of the gateway under services',
    services({ 'cluster-controller-gateway': { replicas: 2 } }),
    'aios-network:services.overrides.cluster-controller-gateway:',
    'has a section of its own',
    'fix: move these settings to aios-network:gateway',
  ],
  [
    'databases of a service that has none',
    services({ parser: { databases: ['models'] } }),
    'aios-network:services.overrides.parser.databases: (a list)',
    'must not be given: parser connects to no database',
    'fix: remove it',
  ],
  [
    "MongoDB's own database",
    services({ 'tasks-db': { databases: ['admin'] } }),
    'aios-network:services.overrides.tasks-db.databases[0]: "admin"',
    "must be the name of a database: at most 38 letters, digits, '_' and '-', and none of MongoDB's own (admin, local, config)",
    'fix: for example models',
  ],
  [
    'replicas of a service that keeps its data in memory',
    services({ 'metrics-redis': { replicas: 2 } }),
    'aios-network:services.overrides.metrics-redis.replicas: 2',
    'must be 1: it keeps the queue of metrics in its memory, so that each pod would see data of its own',
    'fix: remove it',
  ],
  [
    'a nodePort of another service',
    services({ 'blocks-db': { nodePorts: { '3001': 30101 } } }),
    'aios-network:services.overrides.blocks-db.nodePorts.3001: 30101',
    'is taken by clusters-db',
    'fix: choose a free port between 30000 and 32767',
  ],
  [
    "the gateway's nodePort",
    services({ 'failure-notifier': { nodePorts: { '5000': 30600 } } }),
    'aios-network:services.overrides.failure-notifier.nodePorts.5000: 30600',
    'is taken by cluster-controller-gateway',
    'fix: choose a free port between 30000 and 32767',
  ],
  [
    'one nodePort for two overrides, at the later one',
    services({ 'blocks-db': { nodePorts: { '3001': 31000 } }, 'vdag-db': { nodePorts: { '10501': 31000 } } }),
    'aios-network:services.overrides.vdag-db.nodePorts.10501: 31000',
    'is taken by blocks-db',
    'fix: choose a free port between 30000 and 32767',
  ],
  [
    'a nodePort for a port that the service has not',
    services({ 'resource-allocator': { nodePorts: { web: 31000 } } }),
    'aios-network:services.overrides.resource-allocator.nodePorts.web:',
    'is an unknown port',
    'fix: use one of websocket, 8765, rest, 7777',
  ],
  [
    'a port named twice',
    services({ 'resource-allocator': { nodePorts: { rest: 31000, '7777': 31001 } } }),
    'aios-network:services.overrides.resource-allocator.nodePorts.7777:',
    'is the port rest, which is given too',
    'fix: remove one of the two',
  ],
  [
    'a nodePort for a service that is reached inside the cluster only',
    services({ 'vdag-processor': { nodePorts: { '10500': 31000 } } }),
    'aios-network:services.overrides.vdag-processor.nodePorts.10500:',
    'has no nodePort: the Service is reached inside the cluster only',
    'fix: remove it',
  ],
  [
    'a request above its limit',
    services({ parser: { resources: { requests: { cpu: '2' }, limits: { cpu: '1500m' } } } }),
    'aios-network:services.overrides.parser.resources.requests.cpu: "2"',
    'must be at most the limit, 1500m',
    'fix: lower the request, or raise limits.cpu',
  ],
];

const images: Row[] = [
  [
    'a gateway without an image',
    { gateway: {} },
    'aios-network:gateway.image:',
    'is required: upstream names no image for cluster-controller-gateway',
    'fix: for example image: registry.example.org:31280/mgmt/cluster-controller-gateway:v1.2.0',
  ],
  [
    'a tag and a digest',
    services({ parser: { tag: 'v1', digest: DIGEST } }),
    'aios-network:services.overrides.parser.digest: ' + JSON.stringify(DIGEST),
    'must stand alone, and a tag is given too',
    'fix: remove the tag or the digest',
  ],
  [
    'a tag beside an image that has one',
    { gateway: { image: 'gateway:v1', tag: 'v2' } },
    'aios-network:gateway.tag: "v2"',
    'must be left out: the image has a tag of its own',
    'fix: remove it, or the tag from the image',
  ],
  [
    'unpinned images of the catalogue, all of them in one go',
    services(
      { parser: { tag: 'v1' }, 'search-server': { digest: DIGEST }, 'vdag-db': { enabled: false } },
      { pinned: true },
    ),
    'aios-network:services.tag:',
    'is required, because services.pinned is true and these would run latest: adhoc-serviers-registry, blocks-db, ' +
      'clusters-db, components-registry, networks-registry, policies-system, spec-registry, tasks-db, ' +
      'templates-registry, global-block-metrics, global-cluster-metrics, global-vdag-metrics, failure-notifier, ' +
      'resource-allocator, vdag-processor, gateway.images.metricsDaemonset, gateway.images.metricsWriter, ' +
      'gateway.images.infra, gateway.images.blockTransactions, gateway.images.parameterUpdater, ' +
      'gateway.images.clusterMonitor, gateway.images.healthChecker',
    'fix: name the release that they share, for example tag: v1.2.0',
  ],
  [
    'the tag latest where images are pinned',
    services({ parser: { tag: 'latest' } }, { pinned: true, tag: 'v1' }),
    'aios-network:services.overrides.parser.tag: "latest"',
    'must name a version other than latest, because services.pinned is true',
    'fix: name a version',
  ],
  [
    'an image without a tag where images are pinned',
    { ...services({}, { pinned: true, tag: 'v1' }), registry: { image: 'r.example.org:5000/mongo' } },
    'aios-network:registry.image: "r.example.org:5000/mongo"',
    'must name a version other than latest, because services.pinned is true',
    'fix: add a tag or a digest',
  ],
];

const cluster = { context: 'aios-test', podSecurity: 'restricted' };
const users = { 'tasks-db': { runAsUser: 1000 }, 'metrics-redis': { image: 'valkey:8' } };

const podSecurity: Row[] = [
  [
    'images that may run as root, where restricted is enforced',
    { cluster, gateway: { image: 'g:v1', runAsUser: 1000 }, ...services(users) },
    'aios-network:cluster.podSecurity: "restricted"',
    'admits no image that may run as root, as these may: adhoc-serviers-registry, assets-db-registry, blocks-db, clusters-db, ' +
      'components-registry, containers-registry, layers-registry, splits-runners-registry, networks-registry, policies-system, ' +
      'spec-registry, templates-registry, vdag-db, global-block-metrics, global-cluster-metrics, global-vdag-metrics, ' +
      'metrics-redis, failure-notifier, resource-allocator, search-server, vdag-processor, parser',
    'fix: name the user that their images work as (services.overrides.<service>.runAsUser), or set baseline',
  ],
  [
    'a gateway that may run as root',
    { cluster, ...services(everybody()) },
    'aios-network:gateway.runAsUser:',
    'is required, because cluster.podSecurity is restricted: the image of the gateway may run as root',
    'fix: name the user that the image works as, or set cluster.podSecurity: baseline',
  ],
  [
    'directories, whose owner root sets',
    {
      cluster,
      gateway: { image: 'g:v1', runAsUser: 1000 },
      ...services(everybody()),
      registry: { storage: { localPath: '/mnt/data' }, nodes: ['a', 'b', 'c'] },
    },
    'aios-network:registry.storage.localPath: "/mnt/data"',
    'takes a container that runs as root and gives the directory to mongod, and cluster.podSecurity is restricted',
    'fix: use registry.storage.storageClass, or set cluster.podSecurity: baseline',
  ],
];

/** A user for every service but the one whose image is known. */
function everybody(): Record<string, unknown> {
  const names = SERVICE_NAMES.filter((name) => !['cluster-controller-gateway', 'metrics-redis'].includes(name));
  return Object.fromEntries(names.map((name) => [name, { runAsUser: 1000 }]));
}

const PULL_SECRET = { namespace: 'default', name: 'aios-registry' };

const pullSecrets: Row[] = [
  [
    'a pull Secret that would be copied from a namespace that is still to be made',
    services({}, { pullSecretFrom: { ...PULL_SECRET, namespace: 'utils' } }),
    'aios-network:services.pullSecretFrom.namespace: "utils"',
    'must be another than those of the network, which are empty when the stack makes them',
    'fix: for example namespace: default, with the Secret in it; or set cluster.namespaces: existing',
  ],
  [
    'a pull Secret that is copied where it is',
    services({}, { pullSecretFrom: PULL_SECRET, imagePullSecrets: ['aios-registry'] }),
    'aios-network:services.pullSecretFrom.name: "aios-registry"',
    'must not be one of imagePullSecrets, which are in every namespace already',
    'fix: remove it there: pods use the copies as well',
  ],
];

const redis: Row[] = [
  [
    'a bound of redis that its limit is reached before',
    services({ 'metrics-redis': { resources: { limits: { memory: '2Gi' } } } }, { redis: { maxMemory: '1Gi' } }),
    'aios-network:services.redis.maxMemory: "1Gi"',
    'must be below the memory limit of the redis beside tasks-db and vdag-processor, 1Gi: it would be killed there',
    'fix: set three quarters of the limit at most, or raise the limit',
  ],
];

const rest: Row[] = [
  [
    'a free variable that has a setting',
    { gateway: { image: 'gateway:v1', env: { POLICY_EXECUTION_MODE: 'remote' } } },
    'aios-network:gateway.env.POLICY_EXECUTION_MODE:',
    'has a setting of its own',
    'fix: remove it here and use policies.execution.mode',
  ],
  [
    'remote execution without an executor',
    { policies: { execution: { mode: 'remote' } } },
    'aios-network:policies.execution.executor:',
    'is required by mode remote: the gateway would fall back to executor-001, whether it exists or not',
    'fix: for example executor: executor-001, or set mode: local',
  ],
  [
    'parameters that the gateway would drop',
    { policies: { bindings: { add_cluster: { policy: 'a:v1-stable', parameters: { max: 3 } } } } },
    'aios-network:policies.bindings.add_cluster.parameters:',
    'must be left out: the gateway passes no parameters to the policy of add_cluster',
    "fix: remove them and set policy_parameters in the policy's own definition",
  ],
  [
    'a stack without a context',
    { cluster: {} },
    'aios-network:cluster.context:',
    'is required: nothing is applied to whatever context happens to be the current one',
    'fix: name a context of your kubeconfig, for example context: aios-staging',
  ],
];

test.each([...databases, ...catalogue, ...images, ...podSecurity, ...pullSecrets, ...redis, ...rest])(
  'refuses %s',
  (_name, sections, ...problem) => {
    expect(problems(raw(sections))).toEqual([problem]);
  },
);

test('refuses a floating image of what takes backups to a store, where images are pinned', () => {
  const registry = { backup: { to: { s3: { ...STORE, image: 'rclone/rclone' } } } };
  const sections = { ...services({}, { pinned: true, tag: 'v1' }), registry };
  expect(problems(raw(sections, { secretKeys: ['registry'] })).map(([path]) => path)).toContain(
    'aios-network:registry.backup.to.s3.image: [secret]',
  );
});

test('names everything that has no image without imageRegistry', () => {
  const [block] = problems(raw({ services: { overrides: { parser: { image: 'r.example.org/parser:v1' } } } }));
  expect(block?.[0]).toBe('aios-network:services.imageRegistry:');
  expect(block?.[1]).toContain('there is no image for adhoc-serviers-registry, blocks-db,');
  expect(block?.[1]).toContain('gateway.images.healthChecker');
  expect(block?.[1]).not.toMatch(/parser\b|metrics-redis|assets-db-registry/);
});

test('asks for imageRegistry as long as a sidecar or a handed out image comes from there', () => {
  const image = 'r.example.org/own:v1';
  const [block] = problems(raw({ services: { overrides: { 'tasks-db': { image }, 'policies-system': { image } } } }));
  expect(block?.[1]).toMatch(/policies-system, .*tasks-db/);
});

test('allows what its switch names', () => {
  const config = parseConfig(raw({ registry: { replicas: 4, unsafe: { evenReplicas: true } } }), {});
  expect(config.registry.replicas).toBe(4);
});

test('gives the nodePort of a disabled service to another', () => {
  const overrides = { 'clusters-db': { enabled: false }, 'blocks-db': { nodePorts: { '3001': 30101 } } };
  const { services: resolved } = parseConfig(raw(services(overrides)), {});
  expect(resolved['blocks-db']?.service.ports[0]?.nodePort).toBe(30101);
  expect(resolved).not.toHaveProperty('clusters-db');
});

test('lets a nodePort move to one that its service has left', () => {
  const overrides = { 'blocks-db': { nodePorts: { '3001': 30101 } }, 'clusters-db': { nodePorts: { '3000': 30100 } } };
  const { services: resolved } = parseConfig(raw(services(overrides)), {});
  expect(resolved['blocks-db']?.service.ports[0]?.nodePort).toBe(30101);
  expect(resolved['clusters-db']?.service.ports[0]?.nodePort).toBe(30100);
});

test('copies a pull Secret from one of the namespaces where they exist', () => {
  const { imagePull } = parseConfig(
    raw({
      cluster: { context: 'aios-test', namespaces: 'existing' },
      ...services({}, { pullSecretFrom: { ...PULL_SECRET, namespace: 'utils' } }),
    }),
    {},
  );
  expect(imagePull.copy).toEqual({ name: 'aios-registry', from: 'utils' });
});
