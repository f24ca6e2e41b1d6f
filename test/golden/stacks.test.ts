import * as path from 'node:path';
import { maskSecrets, MOCK_SECRET, type ProgramRun } from '../pulumi-mocks';
import { describeRun, goldenText } from './golden-file';
import {
  isNamespaced,
  type KubernetesObject,
  kubernetesObjects,
  metadataOf,
  objectsIn,
  podLabels,
  selectorOf,
  selects,
} from './invariants';
import { runStack, stacks } from './stack-program';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

const label = ({ kind, namespace, name }: KubernetesObject) => `${kind} ${namespace ?? ''}/${name}`;

const duplicates = (values: string[]) => values.filter((value, index) => values.indexOf(value) !== index);

describe.each(stacks)('stack %s', (stack) => {
  let run: ProgramRun;
  let objects: KubernetesObject[];
  beforeAll(async () => {
    run = await runStack(stack);
    objects = kubernetesObjects(run.resources);
  });

  test('registers the resources of its golden file (UPDATE_GOLDEN=1 rewrites it)', () => {
    const actual = describeRun(run);
    const file = path.join(__dirname, 'snapshots', `${stack}.yaml`);
    expect(actual).toBe(goldenText(file, actual));
  });

  test('hangs everything below the management cluster, the providers and what guards data excepted', () => {
    const tops = run.resources.filter(({ parent }) => parent.includes('::pulumi:pulumi:Stack::'));
    expect(tops.map(({ type }) => type).sort()).toEqual([
      'aios:cluster:TargetCluster',
      'aios:database:DataPlacement',
      'aios:database:DataPlacement',
      // The others label no nodes.
      ...(stack === 'dev' ? ['aios:database:DatabaseNodes', 'aios:database:DatabaseNodes'] : []),
      'aios:index:ManagementCluster',
      'pulumi:providers:aios',
      'pulumi:providers:kubernetes',
      ...(stack === 'prod' ? ['pulumi:providers:kubernetes'] : []),
      'pulumi:providers:random',
    ]);
  });

  test('leaves no resource to a default provider', () => {
    const strays = run.resources.filter(({ custom, type, provider }) => {
      const [provided = ''] = type.split(':');
      return (
        custom &&
        provided !== 'pulumi' &&
        !new RegExp(`pulumi:providers:${provided}::${provided}(-volumes)?::`).test(provider)
      );
    });
    expect(strays.map(({ urn }) => urn)).toEqual([]);
  });

  test('names and labels every object, and says its namespace', () => {
    const incomplete = objects.filter(({ resource, kind, name, namespace }) => {
      const { labels, annotations } = metadataOf(resource);
      return (
        name === 'undefined' ||
        isNamespaced(kind) !== (namespace !== undefined) ||
        !selects({ 'app.kubernetes.io/part-of': 'aios-network' }, (labels ?? {}) as Record<string, unknown>) ||
        !selects({ 'pulumi.com/patchForce': 'true' }, (annotations ?? {}) as Record<string, unknown>)
      );
    });
    expect(incomplete.map(label)).toEqual([]);
    expect(duplicates(objects.map(label))).toEqual([]);
  });

  test('puts objects into namespaces of its own only', () => {
    const own = objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name);
    const elsewhere = objects.filter(({ namespace }) => namespace !== undefined && !own.includes(namespace));
    expect(elsewhere.map(label)).toEqual([]);
  });

  test('selects pods that exist', () => {
    const idle = objects.filter((object) => {
      const selector = selectorOf(object);
      return (
        selector !== undefined && !podLabels(objects, object.namespace).some((labels) => selects(selector, labels))
      );
    });
    expect(idle.map(label)).toEqual([]);
  });

  test('says of every container, sidecars and those that go first included, what it needs and how much it may have', () => {
    const containers = objects.flatMap(({ resource }) =>
      objectsIn(resource.inputs).flatMap(({ containers: own, initContainers: first }) =>
        [own, first].flatMap((list) => (Array.isArray(list) ? (list as Record<string, unknown>[]) : [])),
      ),
    );
    const text = expect.any(String) as string;
    const amounts = { requests: { cpu: text, memory: text }, limits: { memory: text } };
    expect(containers.length).toBeGreaterThan(30);
    for (const { name, resources } of containers)
      expect({ name, resources }).toMatchObject({ name, resources: amounts });
  });

  test('gives each node port to one Service', () => {
    const nodePorts = objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ resource }) => objectsIn(resource.inputs).flatMap(({ nodePort }) => nodePort ?? []));
    expect(nodePorts).not.toHaveLength(0);
    expect(duplicates(nodePorts.map(String))).toEqual([]);
  });

  test('reads Secrets that are there', () => {
    const secrets = new Map(
      objects
        .filter(({ kind }) => kind === 'Secret')
        .map(({ namespace, name, resource }) => [`${namespace ?? ''}/${name}`, resource.inputs] as const),
    );
    const wanted = objects.flatMap(({ namespace, resource }) =>
      objectsIn(resource.inputs).flatMap(({ secretKeyRef }) =>
        secretKeyRef === undefined ? [] : [{ namespace, ...(secretKeyRef as { name: string; key: string }) }],
      ),
    );
    const missing = wanted.filter(({ namespace, name, key }) => {
      const inputs = secrets.get(`${namespace ?? ''}/${name}`);
      return !objectsIn(inputs).some((object) => key in object);
    });
    expect(wanted).not.toHaveLength(0);
    expect(missing).toEqual([]);
  });

  test('shows no generated password outside of a secret, in outputs neither', () => {
    const encoded = [MOCK_SECRET, Buffer.from(MOCK_SECRET).toString('base64')];
    const shows = (value: unknown) => encoded.some((secret) => JSON.stringify(maskSecrets(value)).includes(secret));
    expect(run.resources.filter(({ inputs }) => shows(inputs)).map(({ urn }) => urn)).toEqual([]);
    expect(run.outputs).toHaveProperty('registry.connectionStrings.uri');
    expect(shows(run.outputs)).toBe(false);
  });
});

describe('stack prod', () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runStack('prod');
  });

  test('protects and keeps what holds data', () => {
    const holders = run.resources.filter(
      ({ type, name }) =>
        /:(StatefulSet|RandomPassword)$/.test(type) ||
        (type.endsWith(':Namespace') && ['registries', 'metrics-system'].includes(name)),
    );
    const unprotected = holders.filter(({ protect, retainOnDelete }) => !protect || !retainOnDelete);
    expect(holders.length).toBeGreaterThan(4);
    expect(unprotected.map(({ urn }) => urn)).toEqual([]);
  });

  test('keeps the volumes of members that leave, and takes back what was kept', () => {
    const claims = run.resources.filter(
      ({ type, name }) => type.endsWith(':PersistentVolumeClaim') && name.startsWith('data-'),
    );
    expect(claims).toHaveLength(8);
    const volumes = run.resources.find(
      ({ type, name }) => type === 'pulumi:providers:kubernetes' && name === 'kubernetes-volumes',
    );
    expect(volumes?.inputs).toMatchObject({ upsertExistingObjects: 'true' });
    for (const { protect, retainOnDelete, provider } of claims) {
      expect([protect, retainOnDelete, provider.includes('::kubernetes-volumes::')]).toEqual([false, true, true]);
    }
  });

  test('runs no image whose tag may move', () => {
    const images = run.resources.flatMap(({ inputs }) =>
      objectsIn(inputs).flatMap(({ image }) => (typeof image === 'string' ? [image] : [])),
    );
    expect(images).not.toHaveLength(0);
    expect(images.filter((image) => !/:(?!latest)[^/]+$|@sha256:/.test(image))).toEqual([]);
  });
});
