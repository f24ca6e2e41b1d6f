import { topologyOf } from '../../../../operations/diagram/topology';
import { networkConfig } from '../../../network-config';

const image = { imageRegistry: 'registry.example.org' };
const callsOf = (name: string, overrides: object = {}) =>
  topologyOf(networkConfig({ services: { ...image, overrides } }))
    .calls.filter(({ from }) => from === name)
    .map(({ to }) => to);
const servicesOf = (sections: Record<string, unknown> = {}) =>
  topologyOf(networkConfig(sections)).namespaces.flatMap(({ services }) => services);

test('whose address stands in the environment is called, by whatever variable', () => {
  expect(callsOf('vdag-processor')).toEqual(['vdag-db', 'tasks-db', 'search-server'].sort(byName));
  expect(callsOf('global-block-metrics')).toEqual(['metrics-redis']);
  expect(callsOf('cluster-controller-gateway')).toContain('policies-system');
});

const order = ['tasks-db', 'vdag-db', 'search-server'];
const byName = (left: string, right: string) => order.indexOf(left) - order.indexOf(right);

test('an override that names another address takes the call away, and one that names another service adds it', () => {
  const elsewhere = { 'vdag-processor': { env: { GLOBAL_TASKS_DB_URL: 'http://tasks.example.org' } } };
  expect(callsOf('vdag-processor', elsewhere)).not.toContain('tasks-db');
  const further = { parser: { env: { OTHER: 'http://metrics-redis.metrics-system.svc.cluster.local:6379' } } };
  expect(callsOf('parser', further)).toContain('metrics-redis');
});

test('a service that the stack does not have is neither there nor called', () => {
  const services = { ...image, overrides: { 'search-server': { enabled: false } } };
  const { calls, namespaces } = topologyOf(networkConfig({ services }));
  expect(namespaces.flatMap((one) => one.services.map(({ name }) => name))).not.toContain('search-server');
  expect(calls.filter(({ to }) => to === 'search-server')).toEqual([]);
});

test('services have the nodePorts, replicas and sidecars of the stack', () => {
  const overrides = { parser: { replicas: 2, nodePorts: { 8000: 30555 } } };
  const services = servicesOf({ services: { ...image, overrides } });
  expect(services).toContainEqual(expect.objectContaining({ name: 'parser', replicas: 2, nodePorts: [30555] }));
  expect(services).toContainEqual(expect.objectContaining({ name: 'tasks-db', sidecars: ['status-writer', 'redis'] }));
});

test('the server of policies’ code is there where rules are, and the gateway calls it', () => {
  const policies = { bindings: { remove_cluster: 'read-only' } };
  expect(servicesOf().map(({ name }) => name)).not.toContain('policy-code');
  expect(servicesOf({ policies })).toContainEqual(expect.objectContaining({ name: 'policy-code', nodePorts: [32555] }));
  expect(topologyOf(networkConfig({ policies })).calls).toContainEqual({
    from: 'cluster-controller-gateway',
    to: 'policy-code',
  });
});

test('databases have their members, and the nodes of those that keep directories', () => {
  const metrics = {
    replicas: 3,
    stopped: true,
    storage: { localPath: '/data/metrics' },
    nodes: ['one', 'two', 'three'],
  };
  const { namespaces } = topologyOf(networkConfig({ metrics }));
  const { database } = namespaces.find(({ name }) => name === 'metrics-system') ?? {};
  expect(database).toMatchObject({ section: 'metrics', name: 'metrics-db', stopped: true });
  expect(database?.members).toContainEqual({ name: 'metrics-db-1', node: 'two' });
});
