import { usedImages } from '../../../../operations/images/images';
import { mirrorScript } from '../../../../operations/images/mirror';
import type { StackObject } from '../../../../operations/stack-objects/objects';
import { networkConfig } from '../../../network-config';

const digest = `sha256:${'a'.repeat(64)}`;

const workload = (name: string, images: { init?: string[]; own: string[] }): StackObject => {
  const containers = (list: string[] = []) => list.map((image, index) => ({ name: `c${index}`, image }));
  const spec = { initContainers: containers(images.init), containers: containers(images.own) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name,
    namespace: 'utils',
    content: { spec: { template: { spec } } },
  };
};

test('an image is listed once, with all containers that run it, init containers and sidecars too', () => {
  const objects = [
    workload('one', { init: ['hub/init:v1'], own: ['hub/own:v1', 'redis:7'] }),
    workload('two', { own: ['redis:7', `hub/pinned@${digest}`] }),
  ];
  const own = usedImages(objects, networkConfig()).filter(({ containers }) => containers.length > 0);
  expect(own).toEqual([
    { image: 'hub/init:v1', tag: 'v1', containers: ['utils/one/c0'], handedOn: [] },
    { image: 'hub/own:v1', tag: 'v1', containers: ['utils/one/c0'], handedOn: [] },
    { image: `hub/pinned@${digest}`, digest, containers: ['utils/two/c1'], handedOn: [] },
    { image: 'redis:7', tag: '7', containers: ['utils/one/c1', 'utils/two/c0'], handedOn: [] },
  ]);
});

test('images that services hand to other clusters are listed as the stack has them', () => {
  const config = networkConfig({
    services: {
      imageRegistry: 'registry.example.org',
      overrides: { 'policies-system': { env: { EXECUTOR_CONTAINER_IMAGE_NAME: 'other.example.org/executor:v9' } } },
    },
    gateway: { image: 'registry.example.org/gateway:v1', images: { infra: 'other.example.org/infra:v2' } },
  });
  const handed = usedImages([], config).map(({ image, handedOn }) => [image, ...handedOn]);
  expect(handed).toContainEqual(['other.example.org/executor:v9', 'policies-system/EXECUTOR_CONTAINER_IMAGE_NAME']);
  expect(handed).toContainEqual(['other.example.org/infra:v2', 'cluster-controller-gateway/infra']);
  expect(handed).toContainEqual([
    'registry.example.org/cluster/daemon:latest',
    'cluster-controller-gateway/metricsDaemonset',
  ]);
});

describe('the script of a mirror', () => {
  const values = {
    services: {
      imageRegistry: 'registry.example.org:5000/aios',
      overrides: { parser: { image: 'mine/parser:v9' } },
    },
    registry: { image: 'mongo:7.0' },
    gateway: { image: 'registry.example.org:5000/aios/gateway', tag: 'v1' },
  };
  const used = (...images: string[]) => images.map((image) => ({ image, containers: [], handedOn: [] }));
  const script = (program: 'skopeo' | 'crane', ...images: string[]) =>
    mirrorScript(used(...images), { stack: 'prod', values }, { stack: 'prod', program, to: 'mirror:5000/hub' });

  test('keeps what an image is called below its registry', () => {
    const text = script('crane', 'mongo:7.0', 'registry.example.org:5000/aios/parser:v1', `ghcr.io/x/y@${digest}`);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'crane copy mongo:7.0 mirror:5000/hub/mongo:7.0',
        'crane copy registry.example.org:5000/aios/parser:v1 mirror:5000/hub/parser:v1',
        `crane copy ghcr.io/x/y@${digest} mirror:5000/hub/x/y@${digest}`,
      ]),
    );
    expect(script('skopeo', 'redis:7')).toContain(
      '\nskopeo copy --all --preserve-digests docker://redis:7 docker://mirror:5000/hub/redis:7\n',
    );
  });

  test('says which keys have to name the mirror, and no other', () => {
    const text = script('crane', 'mongo:7.0', 'mine/parser:v9', 'registry.example.org:5000/aios/gateway:v1');
    expect(text.slice(text.indexOf('# Then'))).toBe(
      [
        '# Then stacks/Pulumi.prod.yaml has to say:',
        '#   services.imageRegistry: mirror:5000/hub',
        '#   services.publicImageRegistry: mirror:5000/hub',
        '#   services.overrides.parser.image: mirror:5000/hub/mine/parser:v9',
        '#   gateway.image: mirror:5000/hub/gateway',
        '',
      ].join('\n'),
    );
  });

  test('two images that would become one are refused', () => {
    expect(() => script('crane', 'a.example.org/x:v1', 'b.example.org/x:v1')).toThrow(
      'a.example.org/x:v1 and b.example.org/x:v1 would both become mirror:5000/hub/x:v1',
    );
  });
});
