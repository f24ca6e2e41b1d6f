import { type ServiceName, urlOf } from '../../../../infra/catalogue';
import type { PortAddress } from '../../../../infra/config';
import { networkConfig } from '../../../network-config';

/** Addresses of a service's ports, by the ports' names. */
function addresses(name: ServiceName, overrides: unknown = {}): Record<string, Partial<PortAddress>> {
  const config = networkConfig({ services: { imageRegistry: 'registry.example.org', overrides } });
  const ports = config.services[name]?.service.ports ?? [];
  return Object.fromEntries(
    ports.map(({ name: port = '', url, advertised }) => [port, { url, ...(advertised && { advertised }) }]),
  );
}

test('a URL inside the cluster names Service, namespace, port and scheme of the catalogue', () => {
  expect(urlOf('clusters-db')).toBe('http://clusters-db-service.registries.svc.cluster.local:3000');
  expect(urlOf('resource-allocator', 'websocket')).toBe('ws://resource-allocator.utils.svc.cluster.local:8765');
  expect(urlOf('resource-allocator', 'rest')).toBe('http://resource-allocator.utils.svc.cluster.local:7777');
  expect(urlOf('metrics-redis', undefined, 'k8s.example')).toBe(
    'redis://metrics-redis.metrics-system.svc.k8s.example:6379',
  );
  expect(urlOf('metrics-redis')).toBe('redis://metrics-redis.metrics-system.svc.cluster.local:6379');
});

test('other clusters are told the advertised host and the node port', () => {
  expect(addresses('policies-system')['']?.advertised).toBe('http://network.example.org:30102');
  expect(addresses('vdag-processor')['']).toEqual({
    url: 'http://vdag-processor.utils.svc.cluster.local:10500',
  });
});

test.each(['7777', 'rest'])('a node port of the stack, named by %s, moves the advertised address', (key) => {
  const moved = addresses('resource-allocator', { 'resource-allocator': { nodePorts: { [key]: 31000 } } });
  expect(moved.rest?.advertised).toBe('http://network.example.org:31000');
  expect(moved.websocket?.advertised).toBe('ws://network.example.org:30151');
});

test('the node port of a service that is switched off is advertised all the same', () => {
  const overrides = { 'clusters-db': { enabled: false, nodePorts: { '3000': 31000 } } };
  const config = networkConfig({ services: { imageRegistry: 'registry.example.org', overrides } });
  expect(config.services).not.toHaveProperty('clusters-db');
  expect(config.gateway.globalServices.cluster_db_url).toBe('http://network.example.org:31000');
});

test('every address ends in the domain of the cluster', () => {
  const { services, registry, gateway } = networkConfig({ cluster: { context: 'some', domain: 'k8s.example' } });
  expect(registry.domain).toBe('k8s.example');
  const all = JSON.stringify([services, gateway]);
  expect(all).toContain('blocks-db-svc.registries.svc.k8s.example:');
  // Of another cluster, which upstream names.
  expect(all.match(/[a-z.-]+\.svc\.cluster\.local/g)).toEqual([
    'inference-server-master.inference-server.svc.cluster.local',
  ]);
});
