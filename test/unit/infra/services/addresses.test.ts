import { advertisedUrlOf, serviceAddresses, urlOf } from '../../../../infra/services/addresses';
import { networkConfig } from '../../../network-config';

const services = (overrides: unknown) => ({ services: { imageRegistry: 'registry.example.org', overrides } });

test('a URL inside the cluster names Service, namespace, port and scheme of the catalogue', () => {
  expect(urlOf('clusters-db')).toBe('http://clusters-db-service.registries.svc.cluster.local:3000');
  expect(urlOf('resource-allocator', 'websocket')).toBe('ws://resource-allocator.utils.svc.cluster.local:8765');
  expect(urlOf('resource-allocator', 'rest')).toBe('http://resource-allocator.utils.svc.cluster.local:7777');
  expect(urlOf('metrics-redis')).toBe('redis://metrics-redis.metrics-system.svc.cluster.local:6379');
});

test('other clusters are told the advertised host and the node port', () => {
  expect(advertisedUrlOf('policies-system', networkConfig())).toBe('http://network.example.org:30102');
  expect(advertisedUrlOf('vdag-processor', networkConfig())).toBeUndefined();
});

test.each(['7777', 'rest'])('a node port of the stack, named by %s, moves the advertised address', (key) => {
  const config = networkConfig(services({ 'resource-allocator': { nodePorts: { [key]: 31000 } } }));
  expect(advertisedUrlOf('resource-allocator', config, 'rest')).toBe('http://network.example.org:31000');
  expect(advertisedUrlOf('resource-allocator', config, 'websocket')).toBe('ws://network.example.org:30151');
});

test('the addresses of a stack name each port, and leave out services that are switched off', () => {
  const addresses = serviceAddresses(networkConfig(services({ parser: { enabled: false } })));
  expect(addresses['resource-allocator/rest']).toEqual({
    url: 'http://resource-allocator.utils.svc.cluster.local:7777',
    advertised: 'http://network.example.org:32171',
  });
  expect(addresses['vdag-processor']).toEqual({ url: 'http://vdag-processor.utils.svc.cluster.local:10500' });
  expect(addresses).not.toHaveProperty('parser');
});
