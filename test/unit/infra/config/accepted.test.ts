import { parseConfig } from '../../../../infra/config';
import { problems, raw } from './subject';

/** Sections around a single value. */
const places = {
  host: (advertisedHost: string) => ({ network: { name: 'test', advertisedHost } }),
  registryHost: (imageRegistry: string) => ({ services: { imageRegistry } }),
  image: (image: string) => ({ gateway: { image } }),
  url: (gateway: string) => ({ policies: { endpoints: { gateway: { url: gateway } } } }),
  gatewayUrl: (policyDb: string) => ({ gateway: { image: 'gateway:v1', urls: { policyDb } } }),
  path: (localPath: string) => ({ registry: { storage: { localPath }, nodes: ['a', 'b', 'c'] } }),
  storageClass: (storageClass: string) => ({ registry: { storage: { storageClass } } }),
  size: (size: string) => ({ registry: { size } }),
  cpu: (cpu: string) => ({ registry: { resources: { requests: { cpu } } } }),
  memory: (memory: string) => ({ registry: { resources: { requests: { memory: '1Mi' }, limits: { memory } } } }),
  replicas: (replicas: string) => ({
    services: { imageRegistry: 'r.example.org', overrides: { parser: { replicas: Number(replicas) } } },
  }),
} as const;

type Place = keyof typeof places;

const cannotWork: Record<Place, string[]> = {
  host: [
    '999.1.1.1',
    '256.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '10.0.0.01',
    '12345',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    `${'a.'.repeat(127)}com`,
    '-a.example.org',
  ],
  registryHost: ['999.1.1.1:5000', 'r.example.org:70000', 'r.example.org:0', '1.2.3/path'],
  image: ['999.1.1.1/gateway:v1', 'r.example.org:99999/gateway:v1', 'gateway:v1@sha256:abc'],
  url: ['http://999.1.1.1', 'http://1.2.3.4.5/', 'http://a:99999', 'http://a:0', 'http://:80', 'http://[::1'],
  gatewayUrl: ['http://999.1.1.1', 'http://a:99999/x'],
  path: ['/mnt/../etc', '/..', '/mnt/./data', '/mnt/data/..', `/${'a'.repeat(1100)}`, '/', 'mnt', '/mnt//data'],
  storageClass: [`${'a.'.repeat(130)}a`, 'a'.repeat(64), 'Fast', 'fast_ssd', ''],
  size: [
    '1e400',
    '1e30',
    '99999999Ei',
    '1.0000000000001Gi',
    '9e99999',
    '1e-400',
    '2Pi',
    `1${'0'.repeat(80)}`,
    '1073741825.5',
  ],
  cpu: ['1.5m', '1e20', '0.0005', '0.12345', '1e400', '1Ki5', '9000', '1u', '1500500u'],
  memory: ['1e30', '1.0000000000001Gi', '8Pi', '1048577500m', '1e400'],
  replicas: ['1001', '1e9', '1.5', '-1'],
};

const canWork: Record<Place, string[]> = {
  host: ['127.0.0.1', 'localhost', 'network.example.org', '34.58.1.86', 'a1', '1and1.com', 'n0de-7'],
  registryHost: ['34.58.1.86:31280', 'r.example.org:5000/aios', 'localhost:5000'],
  image: ['gateway:v1', 'mgmt/gateway:v1', '10.0.0.1:5000/gateway:v1', 'r.example.org/gateway:1.2.3'],
  url: ['http://10.0.0.1:8080/x', 'https://gateway.example.org', 'http://[::1]:80'],
  gatewayUrl: ['ws://10.0.0.1:8765', 'http://a/b?c=d'],
  path: ['/mnt/data/registry', '/mnt/data..x', '/a.b/.c'],
  storageClass: ['fast-ssd', 'ebs.csi.aws.com'],
  size: ['1Gi', '1.5Gi', '10G', '1e10', '1073741824', '1024Mi', '1Ti', '0.5Ti', '500Ti'],
  cpu: ['1m', '250m', '1.5', '2', '0.001', '1e1', '1500000u'],
  memory: ['512Mi', '1.5Gi', '1e9', '2147483648000m'],
  replicas: ['1', '1000'],
};

const rows = (values: Record<Place, string[]>) =>
  (Object.keys(values) as Place[]).flatMap((place) => values[place].map((value) => [place, value] as const));

test.each(rows(cannotWork))('%s %s is refused, with one rule and a fix', (place, value) => {
  const found = problems(raw(places[place](value)));
  expect(found).toHaveLength(1);
  const [key, rule, fix] = found[0] ?? [];
  expect(key).toMatch(/^aios-network:/);
  expect(rule).toMatch(/^must /);
  expect(fix).toMatch(/^fix: \S/);
});

test.each(rows(canWork))('%s %s is accepted', (place, value) => {
  expect(() => parseConfig(raw(places[place](value)), {})).not.toThrow();
});

test('two nodes may not have one hostname, which directories are bound to', () => {
  const nodes = ['a', { name: 'b', hostname: 'a' }, 'c'];
  expect(problems(raw({ registry: { storage: { localPath: '/mnt/data' }, nodes } }))).toEqual([
    [
      'aios-network:registry.nodes[1].hostname: "a"',
      'must be of one node, and is of a already',
      'fix: kubectl get node b --show-labels tells its kubernetes.io/hostname',
    ],
  ]);
});

test("directories of one database may not lie within another's", () => {
  const nodes = ['a', 'b', 'c'];
  const found = problems(
    raw({
      registry: { storage: { localPath: '/mnt/data' }, nodes },
      metrics: { storage: { localPath: '/mnt/data-0/metrics' }, nodes },
    }),
  );
  expect(found.map(([key]) => key)).toEqual(['aios-network:metrics.storage.localPath: "/mnt/data-0/metrics"']);
});
