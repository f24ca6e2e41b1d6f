import { SERVICE_NAMES, catalogue } from '../../../../infra/catalogue';
import { parseConfig } from '../../../../infra/config';
import { problems, raw } from './subject';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const by = (name: string) => `${name}@${DIGEST}`;

/** What one service needs to be named by digests alone. */
function override(name: (typeof SERVICE_NAMES)[number]) {
  const { env = {}, sidecars = [] } = catalogue[name].definition;
  const variables = Object.entries(env).filter(([, source]) => typeof source !== 'string' && source.from === 'image');
  return {
    digest: DIGEST,
    env: Object.fromEntries(variables.map(([variable]) => [variable, by('r.example.org/own')])),
    ...(sidecars.length > 0 && { sidecarDigest: DIGEST }),
  };
}

const handedOut = [
  ...['metricsDaemonset', 'metricsWriter', 'infra', 'blockTransactions'],
  ...['parameterUpdater', 'clusterMonitor', 'healthChecker'],
];
const services = SERVICE_NAMES.filter((name) => name !== 'cluster-controller-gateway');
const overrides: Record<string, object> = Object.fromEntries(services.map((name) => [name, override(name)]));
const SECTIONS = {
  services: { imageRegistry: 'r.example.org', pinned: 'digests', overrides },
  gateway: {
    image: by('r.example.org/gateway'),
    images: Object.fromEntries(handedOut.map((key) => [key, by(`r.example.org/${key.toLowerCase()}`)])),
  },
  registry: { image: by('mongo') },
  metrics: { image: by('mongo') },
  policies: { code: { image: by('nginx') } },
};

const withOverride = (name: string, value: object) => ({
  ...SECTIONS,
  services: { ...SECTIONS.services, overrides: { ...overrides, [name]: value } },
});

test('a stack whose images are all named by their digests is taken, sidecars included', () => {
  const { services: all } = parseConfig(raw(SECTIONS), {});
  const images = Object.values(all).flatMap(({ containers }) => containers.map(({ image }) => image));
  expect(images.length).toBeGreaterThan(services.length);
  expect(images.filter((image) => !image.endsWith(`@${DIGEST}`))).toEqual([]);
});

test.each<[string, object, string]>([
  ['a database', { ...SECTIONS, registry: { image: 'mongo:6.0.27' } }, 'aios-network:registry.image: "mongo:6.0.27"'],
  [
    'the gateway',
    { ...SECTIONS, gateway: { ...SECTIONS.gateway, image: 'r/g:v1' } },
    'aios-network:gateway.image: "r/g:v1"',
  ],
  ['a service of a version', withOverride('parser', { tag: 'v1' }), 'aios-network:services.overrides.parser.tag: "v1"'],
  [
    'a service with an image of its own',
    withOverride('parser', { image: 'r.example.org/own:v1' }),
    'aios-network:services.overrides.parser.image: "r.example.org/own:v1"',
  ],
])('by a tag is refused %s', (_what, sections, where) => {
  const found = problems(raw(sections as Record<string, unknown>));
  expect(found.map(([path]) => path)).toContain(where);
  expect(found.flat()).toContain('must be named by its digest, because services.pinned is digests');
});

test('what would run by a tag of the catalogue is told by name, once', () => {
  const [found, ...rest] = problems(raw(withOverride('vdag-processor', { digest: DIGEST })));
  expect(rest).toEqual([]);
  expect(found?.slice(0, 2)).toEqual([
    'aios-network:services.pinned: "digests"',
    'leaves no room for images by a tag, which these would run: vdag-processor',
  ]);
});

test('a digest of a sidecar is refused where there is none, and any other wish than these three', () => {
  const sidecarless = {
    services: { imageRegistry: 'r.example.org', overrides: { parser: { sidecarDigest: DIGEST } } },
  };
  expect(problems(raw(sidecarless))[0]?.slice(1)).toEqual([
    'is for nothing: the service has one container',
    'fix: remove it',
  ]);
  const [wish] = problems(raw({ services: { imageRegistry: 'r.example.org', pinned: 'tags' } }));
  expect(wish?.[1]).toBe('must be one of true, false, digests');
});
