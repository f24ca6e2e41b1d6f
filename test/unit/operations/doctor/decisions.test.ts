import { judgeRefusals, podOf } from '../../../../operations/doctor/checks/admission';
import { judgeArchitecture } from '../../../../operations/doctor/checks/architecture';
import { judgeCapacity, requestOf } from '../../../../operations/doctor/checks/capacity';
import { judgeNames, judgeNamespaces } from '../../../../operations/doctor/checks/names';
import { domainIn, judgeDomain, zonesIn } from '../../../../operations/doctor/checks/dns-domain';
import { judgeFamilies, judgePolicies } from '../../../../operations/doctor/checks/network';
import { type NodeFacts, factsOf } from '../../../../operations/doctor/checks/node-facts';
import { judgeProxied } from '../../../../operations/doctor/checks/network-services';
import { judgeHolders, judgeRange, rangeIn } from '../../../../operations/doctor/checks/node-ports';
import { judgeNodes } from '../../../../operations/doctor/checks/nodes';
import { judgeOriginal, judgePullSecret } from '../../../../operations/doctor/checks/pull-secrets';
import { judgeRights } from '../../../../operations/doctor/checks/rights';
import { judgeQuota, usageOf } from '../../../../operations/doctor/checks/quotas';
import { judgeClass, judgeDisks } from '../../../../operations/doctor/checks/storage';
import { judgeVersion } from '../../../../operations/doctor/checks/version';
import type { JsonMap } from '../../../../kubernetes-api';
import type { StackObject } from '../../../../operations/stack-objects/objects';

const GIB = 2 ** 30;

const node = (name: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  hostname: name,
  labels: {},
  architecture: 'amd64',
  cpu: 4,
  memory: 16 * GIB,
  ...more,
});

const object = (kind: string, name: string, namespace?: string): StackObject => ({
  apiVersion: 'v1',
  kind,
  name,
  ...(namespace !== undefined && { namespace }),
  content: {},
});

test.each([
  ['v1.29.9', 'problem'],
  ['v1.30.0', 'ok'],
  ['v1.36.2+k3s1', 'ok'],
  ['v1.37.0', 'warning'],
  ['v2.0.0', 'warning'],
  ['', 'unknown'],
])('version %s: %s', (version, state) => {
  expect(judgeVersion(version).state).toBe(state);
});

test('what may not be done is told by kind, with all verbs and namespaces', () => {
  const missing = ['create', 'patch'].flatMap((verb) => [
    { verb, group: 'apps', resource: 'deployments', namespace: 'utils' },
    { verb, group: '', resource: 'namespaces' },
  ]);
  expect(judgeRights(missing, 9).map(({ state, result }) => [state, result])).toEqual([
    ['problem', 'may not create, patch deployments.apps in utils'],
    ['problem', 'may not create, patch namespaces in the cluster'],
  ]);
  expect(judgeRights([], 9)[0]?.state).toBe('ok');
});

describe('nodes', () => {
  const wanted = { nodes: ['a', 'b', 'c'], replicas: 3 };
  const states = (nodes: NodeFacts[], more = {}, isUp = false) =>
    judgeNodes('registry', { ...wanted, ...more }, nodes, isUp).map(({ state }) => state);

  test('one host for each member is fine', () => {
    expect(states([node('a'), node('b'), node('c')])).toEqual(['ok']);
  });

  test.each([
    ['a node that is not there', [node('a'), node('b')], ['problem', 'warning']],
    ['a closed node', [node('a'), node('b'), node('c', { closed: 'is cordoned' })], ['problem', 'warning']],
    ['one hostname twice', [node('a'), node('b'), node('c', { hostname: 'a' })], ['problem']],
  ])('%s', (_what, nodes, expected) => {
    expect(states(nodes)).toEqual(expected);
  });

  test('of a database that is up are no reason to hold an update up', () => {
    expect(states([node('a'), node('b')], {}, true)).toEqual(['warning', 'warning']);
  });

  test('without names are those that carry its labels', () => {
    const labels = { registry: 'yes' };
    expect(states([node('a')], { nodes: [] })).toEqual(['problem']);
    expect(states([node('a', { labels })], { nodes: [] })).toEqual(['warning']);
    expect(states([node('a')], { nodes: [], stopped: true })).toEqual(['ok']);
  });

  test.each([
    [{ spec: { unschedulable: true } }, 'is cordoned'],
    [{ spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } }, 'has the taint k:NoExecute'],
    [{ spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } }, undefined],
  ])('%j is closed: %s', (more, closed) => {
    const conditions = [{ type: 'Ready', status: 'True' }];
    expect(factsOf({ ...more, status: { conditions } }).closed).toBe(closed);
  });
});

test('a pod asks for its containers together, or for what an init container needs alone', () => {
  const container = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
  expect(
    requestOf({
      containers: [container('100m', '1Gi'), container('1', '1Gi')],
      initContainers: [container('2', '1Mi')],
    }),
  ).toEqual({ cpu: 2, memory: 2 * GIB });
});

test.each([
  ['room for all', 3, 0, 'ok'],
  ['others have taken it', 3, 3, 'problem'],
  ['too many', 9, 0, 'problem'],
])('capacity: %s', (_what, count, taken, state) => {
  const pods = Array.from({ length: count }, () => ({ cpu: 1, memory: GIB }));
  const nodes = [node('a'), node('b', { closed: 'is cordoned' })];
  expect(judgeCapacity(pods, nodes, { cpu: taken, memory: 0 })[0]?.state).toBe(state);
});

test('a pod that no single node has room for', () => {
  const found = judgeCapacity([{ cpu: 6, memory: GIB }], [node('a'), node('b')], { cpu: 0, memory: 0 });
  expect(found[0]?.result).toBe('no node that takes pods has room for the largest one, 6 cores and 1 GiB');
});

test('other processors are told, and those without AVX where that can be known', () => {
  const avx = { 'feature.node.kubernetes.io/cpu-cpuid.AVX': 'true' };
  const judged = (nodes: NodeFacts[], wanted?: 'amd64' | 'arm64') => judgeArchitecture(nodes, wanted)[0];
  const arm = node('b', { architecture: 'arm64' });
  expect(judged([node('a')])?.state).toBe('ok');
  expect(judged([node('a'), arm])?.result).toBe('b is arm64');
  expect(judged([node('a'), arm], 'amd64')?.state).toBe('ok');
  expect(judged([node('a')], 'arm64')).toMatchObject({
    state: 'problem',
    result: 'cluster.architecture is arm64, and no node is of it',
  });
  expect(judged([node('a', { labels: avx }), node('b')])?.result).toBe('b without AVX');
});

test.each([
  ['fast', 'ok'],
  ['slow', 'warning'],
  ['none', 'problem'],
  [undefined, 'ok'],
])('StorageClass %s: %s', (wanted, state) => {
  const classes = [
    { name: 'fast', isDefault: true, grows: true },
    { name: 'slow', isDefault: false, grows: false },
  ];
  expect(judgeClass('registry', wanted, classes).state).toBe(state);
});

test('a port is taken only by another Service than its own', () => {
  const wanted = [{ port: 30100, service: 'utils/parser' }];
  expect(judgeHolders(wanted, [{ port: 30100, service: 'utils/parser' }])[0]?.state).toBe('ok');
  expect(judgeHolders(wanted, [{ port: 30100, service: 'x/y' }])[0]).toMatchObject({
    state: 'problem',
    result: '30100 of utils/parser is held by Service x/y',
  });
});

test('only what the program has not made is in the way', () => {
  const live = (labels: Record<string, string>) => ({ metadata: { labels } });
  const own = { object: object('Service', 'a', 'utils'), live: live({ 'app.kubernetes.io/part-of': 'aios-network' }) };
  expect(judgeNames([own], 5)[0]?.result).toBe('4 of 5 free, 1 made by this program');
  const foreign = { object: object('Service', 'b', 'utils'), live: live({ 'app.kubernetes.io/part-of': 'another' }) };
  expect(judgeNames([own, foreign], 5)).toMatchObject([
    { state: 'problem', result: expect.stringContaining('Service utils/b') as string },
  ]);
});

test("what upstream's installer made is in the way until it is handed over, where the stack takes it over", () => {
  const annotations = { 'pulumi.com/patchFieldManager': 'aios-network' };
  const wanted = { ...object('Service', 'b', 'utils'), content: { metadata: { annotations } } };
  const managed = (manager: string, operation: string) => ({
    apiVersion: 'v1',
    metadata: { managedFields: [{ manager, operation, apiVersion: 'v1', fieldsV1: {} }] },
  });
  expect(judgeNames([{ object: wanted, live: managed('kubectl-create', 'Update') }], 5)).toMatchObject([
    { state: 'ok' },
    {
      state: 'problem',
      result: expect.stringContaining('Service utils/b') as string,
      fix: 'make adopt (docs/adopt.md)',
    },
  ]);
  expect(judgeNames([{ object: wanted, live: managed('aios-network', 'Apply') }], 5)).toMatchObject([
    { state: 'ok' },
    { state: 'ok', result: "1 made by upstream's installer, and handed over" },
  ]);
});

test.each([
  [false, undefined, 'warning'],
  [true, undefined, 'problem'],
  [true, { type: 'Opaque' }, 'problem'],
  [true, { type: 'kubernetes.io/dockerconfigjson' }, 'ok'],
])('a pull Secret, namespace there: %s, Secret: %j: %s', (hasNamespace, live, state) => {
  expect(judgePullSecret({ name: 'r', namespace: 'utils', hasNamespace, live }).state).toBe(state);
});

test('a pull Secret that is to be copied has to be there', () => {
  const original = { name: 'r', namespace: 'default', hasNamespace: true, live: undefined };
  expect(judgeOriginal(original).state).toBe('problem');
  expect(judgeOriginal({ ...original, hasNamespace: false })).toMatchObject({
    state: 'problem',
    result: 'default/r is to be copied, and there is no namespace default',
  });
  expect(judgeOriginal({ ...original, live: { type: 'kubernetes.io/dockerconfigjson' } }).state).toBe('ok');
});

test('namespaces that somebody else makes have to be there', () => {
  expect(judgeNamespaces([])).toEqual([]);
  expect(judgeNamespaces(['utils', 'services'])[0]).toMatchObject({
    state: 'problem',
    result: 'cluster.namespaces is existing, and utils, services are not there',
  });
});

test('refusals are told by reason; where they were tried elsewhere they are no more than a warning', () => {
  const refusal = (name: string, message: string, place = 'utils') => ({
    object: object('Pod', name, 'utils'),
    place,
    error: { code: 403, message },
  });
  const violates = (name: string) => `pods "${name}" is forbidden: violates PodSecurity "restricted"`;
  expect(judgeRefusals([refusal('a', violates('a')), refusal('b', violates('b'))], 9)).toMatchObject([
    { state: 'problem', result: 'Pod utils/a, Pod utils/b refused in utils: violates PodSecurity "restricted"' },
  ]);
  expect(judgeRefusals([refusal('a', violates('a'), 'default')], 9)[0]?.state).toBe('warning');
  expect(judgeRefusals([], 9)[0]?.state).toBe('ok');
  const unserved = (kind: string) => judgeRefusals([refusal('a', `the cluster does not serve ${kind}`)], 9)[0]?.fix;
  expect(unserved('monitoring.coreos.com/v1 ServiceMonitor')).toContain('monitoring.prometheusOperator');
  expect(unserved('gateway.networking.k8s.io/v1 HTTPRoute')).toContain('network.exposure');
});

test('the pod of a schedule is tried too', () => {
  const template = { metadata: {}, spec: { containers: [{ name: 'backup' }] } };
  const content = { spec: { jobTemplate: { spec: { template } } } };
  expect(podOf({ ...object('CronJob', 'registry-backup', 'registries'), content }).content.spec).toEqual({
    containers: [{ name: 'backup' }],
    volumes: [],
  });
});

test('a pod is tried with nothing that has to be there before', () => {
  const { content } = podOf({
    ...object('StatefulSet', 'registry', 'registries'),
    content: {
      spec: {
        template: {
          spec: { serviceAccountName: 'registry', containers: [], volumes: [{ name: 'tmp', emptyDir: {} }] },
        },
        volumeClaimTemplates: [{ metadata: { name: 'data' } }],
      },
    },
  });
  expect(content.spec).toEqual({
    containers: [],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'data', emptyDir: {} },
    ],
  });
});

test.each([
  [['kube-proxy', 'calico-node'], 'v1.33.0', 'ok'],
  [['aws-node'], 'v1.33.0-eks', 'warning'],
  [[], 'v1.33.0+k3s1', 'ok'],
])('NetworkPolicies with %j on %s: %s', (daemonSets, version, state) => {
  expect(judgePolicies(daemonSets, version).state).toBe(state);
});

test.each([
  [['IPv4', 'IPv6'], 'ok'],
  [['IPv6', 'IPv4'], 'warning'],
  [['IPv6'], 'problem'],
])('address families %j: %s', (ipFamilies, state) => {
  expect(judgeFamilies({ spec: { ipFamilies } }).state).toBe(state);
});

describe('the range of node ports', () => {
  const server = (...command: string[]) => ({
    metadata: { labels: { component: 'kube-apiserver' } },
    spec: { containers: [{ command: ['kube-apiserver', ...command] }] },
  });

  test('is read off the pod of an API server', () => {
    expect(rangeIn([])).toBeUndefined();
    expect(rangeIn([server('--etcd-servers=x')])).toEqual({ first: 30000, last: 32767 });
    expect(rangeIn([server('--service-node-port-range=20000-22767')])).toEqual({ first: 20000, last: 22767 });
  });

  test.each([
    ['inside', [30100], undefined, [30001], []],
    ['inside of a wider one', [30100], { first: 20000, last: 40000 }, [20001], []],
    [
      'outside',
      [30100, 30200],
      { first: 20000, last: 30150 },
      [],
      ["problem: 30200 outside of the API server's range 20000-30150"],
    ],
    [
      'maybe outside',
      [30100],
      undefined,
      [20001],
      ["warning: a Service holds 20001: the API server's range is not the usual 30000-32767"],
    ],
  ])('is %s', (_what, wanted, told, held, expected) => {
    expect(judgeRange(wanted, told, held).map(({ state, result }) => `${state}: ${result}`)).toEqual(expected);
  });
});

describe('the DNS domain', () => {
  const corefile = `.:53 {
    errors
    kubernetes cluster.example.org in-addr.arpa ip6.arpa {
      pods insecure
    }
}`;

  test('is what CoreDNS or kubeadm have', () => {
    expect(zonesIn(corefile)).toEqual(['cluster.example.org']);
    expect(zonesIn('.:53 { forward . 1.1.1.1 }')).toBeUndefined();
    expect(domainIn('networking:\n  dnsDomain: cluster.local\n')).toEqual(['cluster.local']);
    expect(domainIn('clusterDomain: "a.example.org"')).toEqual(['a.example.org']);
    expect(domainIn('')).toBeUndefined();
  });

  test.each([
    ['ok', 'cluster.local', ['cluster.local']],
    ['ok', 'cluster.local', undefined],
    ['warning', 'example.org', undefined],
    ['problem', 'cluster.local', ['example.org']],
  ])('%s: %s where the cluster has %j', (state, wanted, actual) => {
    expect(judgeDomain(wanted, actual).state).toBe(state);
  });
});

describe('quotas', () => {
  const container = { resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } } };
  const withContent = (kind: string, spec: JsonMap) => ({ ...object(kind, 'x', 'utils'), content: { spec } });
  const usage = usageOf([
    withContent('Deployment', { replicas: 2, template: { spec: { containers: [container, container] } } }),
    withContent('StatefulSet', {
      replicas: 1,
      template: { spec: { containers: [container], initContainers: [{ resources: { requests: { cpu: '3' } } }] } },
    }),
    withContent('Service', { type: 'NodePort', ports: [{}, {}] }),
    withContent('Service', { ports: [{}] }),
    withContent('PersistentVolumeClaim', { resources: { requests: { storage: '20Gi' } } }),
  ]);
  const judged = (hard: JsonMap, more: JsonMap = {}) =>
    judgeQuota('utils', { metadata: { name: 'q' }, spec: { hard, ...more } }, usage).map(
      ({ state, result }) => `${state}: ${result}`,
    );

  test('count all pods of all workloads, and objects', () => {
    expect(usage).toEqual({
      'count/deployments.apps': 1,
      'count/statefulsets.apps': 1,
      services: 2,
      'count/services': 2,
      'services.nodeports': 2,
      persistentvolumeclaims: 1,
      'count/persistentvolumeclaims': 1,
      'requests.storage': 20 * GIB,
      pods: 3,
      'count/pods': 3,
      'requests.cpu': 5,
      cpu: 5,
      'requests.memory': 5 * GIB,
      memory: 5 * GIB,
      'limits.cpu': 0,
      'limits.memory': 10 * GIB,
    });
  });

  test('that leave too little are told with what is wanted', () => {
    expect(judged({ 'requests.cpu': '5', pods: '3', 'requests.storage': '20Gi', 'count/jobs.batch': '0' })).toEqual([]);
    expect(judged({ 'requests.cpu': '4500m', 'limits.memory': '8Gi', pods: '10' })).toEqual([
      'problem: ResourceQuota utils/q: the stack wants requests.cpu 5 of 4500m, limits.memory 10Gi of 8Gi',
    ]);
    expect(judged({ pods: '1' }, { scopes: ['BestEffort'] })).toEqual([
      'warning: ResourceQuota utils/q is for some pods alone: it was not compared',
    ]);
  });
});

test.each([
  ['ok', { exists: false, isOwn: true }],
  ['problem', { exists: false, isOwn: false }],
  ['warning', { exists: true, isOwn: true, code: 503 }],
  ['ok', { exists: true, isOwn: true, code: 404 }],
])('a service behind the API server is %s: %j', (state, proxied) => {
  expect(judgeProxied('the gateway', proxied).state).toBe(state);
});

test('directories that together are larger than their node’s file system', () => {
  const directory = (hostname: string, path: string, gib: number) => ({
    ...({ section: 'registry', hostname, path, bytes: gib * GIB } as const),
  });
  const nodes = [node('a', { disk: 50 * GIB }), node('b', { disk: 50 * GIB }), node('c')];
  const wanted = [
    directory('a', '/r', 30),
    directory('a', '/m', 30),
    directory('b', '/r', 50),
    directory('c', '/r', 90),
  ];
  expect(judgeDisks(wanted, nodes).map(({ state, result }) => [state, result])).toEqual([
    ['warning', 'a: 60 GiB wanted in /r (registry) and /m (registry), and its file system has 50 GiB'],
  ]);
});
