import { Images } from '../../../../infra/config/resolve/images';
import { imagePullPolicy } from '../../../../infra/workload/image-pull-policy';
import { networkConfig } from '../../../network-config';

const digest = `sha256:${'a'.repeat(64)}`;
const own = { registry: 'network', path: 'mgmt/parser' } as const;
const hub = { registry: 'public', path: 'aiosv1/layers-registry', tag: 'v1' } as const;

const images = (registries: ConstructorParameters<typeof Images>[0] = {}) =>
  new Images({ imageRegistry: 'registry.example.org', ...registries });

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
  ['a mirror and a tag', hub, { publicImageRegistry: 'mirror' }, { tag: 'v9' }, 'mirror/aiosv1/layers-registry:v9'],
])('with %s', (_, source, registries, override, expected) => {
  expect(images(registries).overridden(source, override, 'parser')).toBe(expected);
});

test('a mirror leaves references alone that name a registry', () => {
  const mirrored = images({ publicImageRegistry: 'mirror' });
  expect(mirrored.public('mongo:6.0')).toBe('mirror/mongo:6.0');
  expect(mirrored.public('bitnami/mongodb:6.0')).toBe('mirror/bitnami/mongodb:6.0');
  expect(mirrored.public('registry.example.org/mongo:6.0')).toBe('registry.example.org/mongo:6.0');
  expect(mirrored.public('localhost/mongo:6.0')).toBe('localhost/mongo:6.0');
});

test('who needs a registry, or the tag that all share, is remembered', () => {
  const found = new Images({});
  found.of(own, 'sidecar');
  found.of(hub, 'public');
  found.overridden(own, { tag: 'v1' }, 'tagged');
  found.overridden(own, { image: 'other:v1' }, 'replaced');
  expect([...found.withoutRegistry]).toEqual(['sidecar', 'tagged']);
  expect([...found.onSharedTag]).toEqual(['sidecar']);
});

test('only what may change under its name is asked for at every start', () => {
  expect(imagePullPolicy('host:5000/p:latest')).toBe('Always');
  expect(imagePullPolicy('host:5000/p')).toBe('Always');
  expect(imagePullPolicy('host:5000/p:v1')).toBe('IfNotPresent');
  expect(imagePullPolicy(`host:5000/p@${digest}`)).toBe('IfNotPresent');
});

test('credentials are for the host of the registry, not for a path on it', () => {
  const services = {
    imageRegistry: 'host:5000/aios',
    registryCredentials: { username: 'reader', password: 'pass' },
  };
  expect(networkConfig({ services }, ['services']).imagePull.credentials?.registry).toBe('host:5000');
});
