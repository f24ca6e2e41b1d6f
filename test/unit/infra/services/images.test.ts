import type { ServicesConfig } from '../../../../infra/config';
import { networkRegistryHost, overriddenImage, publicImage, pullPolicy } from '../../../../infra/services/images';
import { networkConfig } from '../../../network-config';

const digest = `sha256:${'a'.repeat(64)}`;
const own = { registry: 'network', path: 'mgmt/parser' } as const;
const hub = { registry: 'public', path: 'aiosv1/layers-registry', tag: 'v1' } as const;

const settings = (services: Partial<ServicesConfig> = {}): ServicesConfig => ({
  ...networkConfig().services,
  ...services,
});

test.each([
  ['no settings', own, {}, {}, 'registry.example.org/mgmt/parser:latest'],
  ['a tag for all', own, { tag: 'v2' }, {}, 'registry.example.org/mgmt/parser:v2'],
  ['a tag of its own', own, { tag: 'v2' }, { tag: 'v3' }, 'registry.example.org/mgmt/parser:v3'],
  ['a digest', own, { tag: 'v2' }, { digest }, `registry.example.org/mgmt/parser@${digest}`],
  ['another image', own, { tag: 'v2' }, { image: 'host:5000/p' }, 'host:5000/p:latest'],
  ['another image and a tag', own, {}, { image: 'host:5000/p', tag: 'v3' }, 'host:5000/p:v3'],
  ['another image with a digest', own, {}, { image: `host:5000/p@${digest}` }, `host:5000/p@${digest}`],
  ['an image of the hub', hub, { tag: 'v2' }, {}, 'aiosv1/layers-registry:v1'],
  [
    'a mirror of the hub',
    hub,
    { publicImageRegistry: 'mirror:5000/hub' },
    {},
    'mirror:5000/hub/aiosv1/layers-registry:v1',
  ],
  ['a mirror and an image', hub, { publicImageRegistry: 'mirror' }, { image: 'aiosv1/x:v9' }, 'aiosv1/x:v9'],
])('with %s', (_, source, services, override, expected) => {
  expect(overriddenImage(source, settings(services), override)).toBe(expected);
});

test('a mirror leaves references alone that name a registry', () => {
  const services = settings({ publicImageRegistry: 'mirror' });
  expect(publicImage('mongo:6.0', services)).toBe('mirror/mongo:6.0');
  expect(publicImage('bitnami/mongodb:6.0', services)).toBe('mirror/bitnami/mongodb:6.0');
  expect(publicImage('registry.example.org/mongo:6.0', services)).toBe('registry.example.org/mongo:6.0');
  expect(publicImage('localhost/mongo:6.0', services)).toBe('localhost/mongo:6.0');
});

test('only what may change under its name is asked for at every start', () => {
  expect(pullPolicy('host:5000/p:latest')).toBe('Always');
  expect(pullPolicy('host:5000/p')).toBe('Always');
  expect(pullPolicy('host:5000/p:v1')).toBe('IfNotPresent');
  expect(pullPolicy(`host:5000/p@${digest}`)).toBe('IfNotPresent');
});

test('credentials are for the host of the registry, not for a path on it', () => {
  expect(networkRegistryHost(settings({ imageRegistry: 'host:5000/aios' }))).toBe('host:5000');
});
