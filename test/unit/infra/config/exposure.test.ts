import type { ServiceName } from '../../../../infra/catalogue';
import { parseConfig } from '../../../../infra/config';
import { networkConfig } from '../../../network-config';
import { problems, raw } from './subject';

const base = { name: 'test', advertisedHost: 'aios.example.org' };
const network = (keys: Record<string, unknown>) => ({ network: { ...base, ...keys } });

/** The Service of a service of a stack. */
const serviceOf = (name: ServiceName, keys: Record<string, unknown>) =>
  networkConfig(network(keys)).services[name]?.service;

const both = { ingress: { tlsSecret: '{service}-tls' }, loadBalancer: {} };

describe('other clusters are told', () => {
  test.each([
    ['by an ingress with a certificate', both, 'https://blocks-db.aios.example.org', 'wss'],
    ['by an ingress without', { ingress: {}, loadBalancer: {} }, 'http://blocks-db.aios.example.org', 'ws'],
    [
      'by a gateway',
      { gateway: { name: 'g', namespace: 'n' }, loadBalancer: {} },
      'https://blocks-db.aios.example.org',
      'wss',
    ],
  ])('%s, host names below the domain of the network', (_, exposure, url, ws) => {
    const config = networkConfig(network({ exposure }));
    expect(config.gateway.globalServices.blocks_db_url).toBe(url);
    const ports = config.services['resource-allocator']?.service.ports.map(({ advertised }) => advertised);
    const http = url.split(':')[0] ?? '';
    expect(ports).toEqual([
      `${ws}://resource-allocator-websocket.aios.example.org`,
      `${http}://resource-allocator-rest.aios.example.org`,
    ]);
    expect(config.policies.code.url).toBe(`${http}://policy-code.aios.example.org`);
  });

  test('by load balancers, the ports of the Services', () => {
    const config = networkConfig(network({ exposure: { loadBalancer: {} } }));
    expect(config.gateway.globalServices.blocks_db_url).toBe('http://blocks-db.aios.example.org:3001');
    expect(config.gateway.globalServices.global_vdag_metrics_redis_host).toBe(
      'redis://metrics-redis.aios.example.org:6379/0',
    );
    expect(
      serviceOf('resource-allocator', { exposure: { loadBalancer: {} } })?.ports.map((port) => port.advertised),
    ).toEqual(['ws://resource-allocator.aios.example.org:8765', 'http://resource-allocator.aios.example.org:7777']);
  });

  test('nothing of services that upstream keeps inside', () => {
    const service = serviceOf('vdag-processor', { exposure: both });
    expect(service).toMatchObject({ type: 'ClusterIP', ports: [expect.not.objectContaining({ advertised: 'x' })] });
    expect(service?.routes).toBeUndefined();
  });
});

test('beside an ingress, load balancers take what is not HTTP, and no node opens a port', () => {
  const { services } = networkConfig(network({ exposure: both }));
  const types = Object.values(services).map(({ name, service }) => `${name} ${service.type}`);
  expect(types.filter((type) => !type.endsWith(' ClusterIP'))).toEqual(['metrics-redis LoadBalancer']);
  expect(JSON.stringify(services)).not.toContain('nodePort');
});

test('annotations and the Secret name the service and its host', () => {
  const annotations = { 'external-dns.alpha.kubernetes.io/hostname': '{host}', x: 'a-{service}' };
  const exposure = {
    ingress: { className: 'nginx', annotations, tlsSecret: '{service}-tls' },
    loadBalancer: { annotations },
  };
  expect(serviceOf('parser', { exposure })?.routes).toEqual([
    {
      name: 'parser',
      host: 'parser.aios.example.org',
      port: 8000,
      ingress: {
        className: 'nginx',
        annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'parser.aios.example.org', x: 'a-parser' },
        tlsSecret: 'parser-tls',
      },
    },
  ]);
  expect(serviceOf('metrics-redis', { exposure })?.annotations).toEqual({
    'external-dns.alpha.kubernetes.io/hostname': 'metrics-redis.aios.example.org',
    x: 'a-metrics-redis',
  });
});

describe('who may come', () => {
  const allowedSources = ['10.0.0.0/8', 'fd00::/8'];

  test('is anybody by default', () => {
    expect(serviceOf('parser', {})).not.toHaveProperty('sources');
    expect(serviceOf('parser', { externalTrafficPolicy: 'Cluster' })).toEqual(serviceOf('parser', {}));
  });

  test('through node ports is who the stack names, and a node with a pod of the service keeps the source', () => {
    const keys = { allowedSources, allowedNamespaces: ['ops'], externalTrafficPolicy: 'Local' };
    const { policies, services } = networkConfig(network(keys));
    const restricted = { sources: { addresses: allowedSources, namespaces: ['ops'] }, externalTrafficPolicy: 'Local' };
    expect(services.parser?.service).toMatchObject({ type: 'NodePort', ...restricted });
    expect(policies.code).toMatchObject({ service: restricted });
    expect(services['vdag-processor']?.service).not.toHaveProperty('sources');
  });

  test('through an ingress is whoever it lets in: its namespace is let in here', () => {
    const keys = { exposure: both, allowedNamespaces: ['ingress-nginx'] };
    expect(serviceOf('parser', keys)?.sources).toEqual({ addresses: [], namespaces: ['ingress-nginx'] });
    expect(serviceOf('metrics-redis', keys)).not.toHaveProperty('sources');
  });
});

const globalServices = Object.fromEntries(
  ['block', 'cluster', 'vdag'].map((name) => [`global_${name}_metrics_redis_host`, 'redis://elsewhere:6379/0']),
);

test.each([
  [{ exposure: {} }, 'network.exposure:', 'must say how: ingress, gateway or loadBalancer'],
  [
    { exposure: { ingress: {}, gateway: { name: 'g', namespace: 'n' }, loadBalancer: {} } },
    'network.exposure:',
    'must not be both an ingress and a gateway',
  ],
  [
    { exposure: both, advertisedHost: '10.0.0.1' },
    'network.advertisedHost: "10.0.0.1"',
    'must be a domain where network.exposure is given: services have names in it',
  ],
  [
    { allowedSources: ['10.0.0.0/8'] },
    'network.externalTrafficPolicy:',
    'is required where network.allowedSources are: by default nodes hand on their own address in place of the source',
  ],
  [{ allowedSources: [] }, 'network.allowedSources:', 'must name a range: with none, nobody could come'],
  [
    { allowedNamespaces: ['a'] },
    'network.allowedNamespaces:',
    'needs network.allowedSources: without them everybody may come already',
  ],
  [
    { exposure: { ingress: {} } },
    'network.exposure:',
    'leaves metrics-redis inside the cluster, for it is not HTTP, and other clusters are told to write to it',
  ],
])('%j is refused', (keys, key, rule) => {
  const [first = []] = problems(raw(network(keys)));
  expect(first[0]).toContain(`aios-network:${key}`);
  expect(first[1]).toBe(rule);
  expect(first[2]).toMatch(/^fix: \S/);
});

test.each(['10.0.0.1', '10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/08', 'example.org/8', ''])(
  'the source %j is no range',
  (range) => {
    const found = problems(raw(network({ allowedSources: [range], externalTrafficPolicy: 'Local' })));
    expect(found.map(([, rule]) => rule)).toEqual([expect.stringContaining('must be a range of addresses as CIDR')]);
  },
);

test('sources that an ingress hides are refused, and with a load balancer beside it hold for that', () => {
  const keys = { allowedSources: ['10.0.0.0/8'], externalTrafficPolicy: 'Local' };
  const gateway = { image: 'registry.example.org/gateway:v1', globalServices };
  const found = problems(raw({ ...network({ ...keys, exposure: { ingress: {} } }), gateway }));
  expect(found.map(([key]) => key)).toEqual([expect.stringContaining('network.allowedSources')]);
  expect(serviceOf('metrics-redis', { ...keys, exposure: both })?.sources?.addresses).toEqual(['10.0.0.0/8']);
  expect(serviceOf('parser', { ...keys, exposure: both })).not.toHaveProperty('sources');
});

test('whoever says where redis is reached needs no load balancer for it', () => {
  const gateway = { image: 'registry.example.org/gateway:v1', globalServices };
  const config = parseConfig(raw({ ...network({ exposure: { ingress: {} } }), gateway }), {});
  expect(config.services['metrics-redis']?.service).toMatchObject({ type: 'ClusterIP' });
  expect(config.gateway.globalServices.global_vdag_metrics_redis_host).toBe('redis://elsewhere:6379/0');
});

test('a nodePort of the stack is refused where no node opens one', () => {
  const services = { imageRegistry: 'registry.example.org', overrides: { parser: { nodePorts: { 8000: 31000 } } } };
  const found = problems(raw({ ...network({ exposure: both }), services }));
  expect(found.map(([, rule]) => rule)).toEqual([
    'must be left out where network.exposure is given: services are reached without nodePorts',
  ]);
});
