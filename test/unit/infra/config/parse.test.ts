import * as pulumi from '@pulumi/pulumi';
import { parseConfig } from '../../../../infra/config';
import { problems, raw, refusal } from './subject';

/** What Pulumi would show, and whether it would mask it. */
const revealed = async (value: pulumi.Input<string> | undefined) => {
  const output = pulumi.output(value);
  return { value: await new Promise((resolve) => output.apply(resolve)), secret: await pulumi.isSecret(output) };
};

test("fills a minimal configuration with upstream's defaults", () => {
  const database = {
    domain: 'cluster.local',
    replicas: 3,
    size: '10Gi',
    image: 'mongo:6.0',
    storage: {},
    nodes: [],
    resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '2Gi' } },
    cacheGB: 0.5,
    tolerations: [],
    sharedHosts: false,
    stopped: false,
    protect: false,
    rotate: 0,
  };
  const placement = {
    replicas: 3,
    release: '6.0',
    size: { text: '10Gi', bytes: 10 * 2 ** 30 },
    stopped: false,
    protect: false,
    rotate: 0,
    unsafe: { moveStorage: false, moveMembers: false, singleMember: false, sharedHosts: false },
  };
  const { services, gateway, ...rest } = parseConfig(raw(), {});
  expect(Object.keys(services)).toHaveLength(23);
  expect(gateway).toMatchObject({
    image: 'registry.example.org:31280/gateway:v1',
    replicas: 1,
    allocationExecutionMode: 'offline',
    clusterControllerRoute: '',
    policyMap: {},
    env: {},
  });
  const inCluster = (namespace: string, name: string, port: number) => ({ service: { namespace, name, port } });
  expect(rest).toEqual({
    stack: 'staging',
    adopted: false,
    network: { name: 'test', advertisedHost: 'network.example.org' },
    clusterIdentity: { transient: false },
    namespaces: { are: 'created', podSecurity: 'baseline' },
    registry: database,
    metrics: database,
    placements: { registry: placement, metrics: placement },
    imagePull: { secrets: [] },
    policies: {
      bindings: {},
      clusters: {},
      rules: [],
      executors: {},
      execution: { mode: 'local' },
      unlisted: 'keep',
      onDelete: 'restore',
      endpoints: {
        gateway: inCluster('services', 'cluster-controller-gateway', 5000),
        policiesSystem: inCluster('registries', 'policies-system', 10000),
        clustersRegistry: inCluster('registries', 'clusters-db-service', 3000),
      },
      code: {
        url: 'http://network.example.org:32555',
        upload: false,
        image: 'busybox:1.37',
        service: expect.anything() as object,
      },
    },
    cluster: { context: 'aios-test' },
  });
});

test.each([
  ['metrics', null],
  ['registry', ''],
  ['services', null],
  ['policies', ''],
])('refuses section %s with nothing below it (%j)', (section, value) => {
  expect(problems(raw({ [section]: value }))).toEqual([
    [
      `aios-network:${section}: (empty)`,
      'holds nothing: whether its defaults are meant, or what was there got lost, cannot be told',
      'fix: give it its keys, or remove the line for the defaults',
    ],
  ]);
});

test.each([
  ['registry.replicas', "pulumi config rm 'registry.replicas', and set --path 'registry.replicas' instead"],
  ['registry.nodes[0]', "pulumi config rm 'registry.nodes[0]', and set --path 'registry.nodes[0]' instead"],
  ['policies[bindings', "pulumi config rm 'policies[bindings', and set --path 'policies[bindings' instead"],
])('tells of key %s that it was set without --path', (key, fix) => {
  expect(problems(raw({ [key]: 5 }))).toEqual([
    [
      `aios-network:${key}:`,
      'is a key of its own, which nothing reads: without --path, a dot is a part of its name',
      `fix: ${fix}`,
    ],
  ]);
});

describe('reports', () => {
  test('all problems at once, in the order of the sections, of one section in all its parts', () => {
    const message = refusal(
      raw({
        gateway: {},
        registry: { replicas: 4, size: 'big' },
        network: { name: 'A', advertisedHost: 'network.example.org' },
      }),
    );
    expect(message.split('\n')[0]).toBe('the configuration of stack staging cannot be used; nothing was changed');
    expect([...message.matchAll(/aios-network:[\w.]+/g)].map(String)).toEqual([
      'aios-network:network.name',
      'aios-network:registry.size',
      'aios-network:registry.replicas',
      'aios-network:gateway.image',
    ]);
    expect(message.split('\n').at(-1)).toBe('4 problems; edit stacks/Pulumi.staging.yaml');
  });

  test('no consequences of a problem that is told already', () => {
    const storage = { localPath: '/mnt/data/registry' };
    expect(problems(raw({ registry: { replicas: 'three', storage } }))).toHaveLength(1);
  });

  test('no stack trace', () => {
    expect(() => parseConfig(raw({ cluster: {} }), {})).toThrow(pulumi.RunError);
  });
});

describe('secrets', () => {
  const registryCredentials = { username: 'aios', password: 'hunter2' };
  const services = { imageRegistry: 'r.example.org', registryCredentials };

  test('reach the program as secrets', async () => {
    const cluster = { context: 'c', kubeconfig: 'apiVersion: v1\nkind: Config\n' };
    const config = parseConfig(raw({ services, cluster }, { secretKeys: ['services', 'cluster'] }), {});
    const password = await revealed(config.imagePull.credentials?.password);
    expect(password).toEqual({ value: 'hunter2', secret: true });
    expect((await revealed(config.cluster.kubeconfig)).secret).toBe(true);
  });

  test.each([
    ['a wrong type', { ...services, registryCredentials: 'hunter2' }],
    ['a wrong text', { ...services, registryCredentials: { username: 'aios', password: 'hunter2 ' } }],
    ['a secret in a wrong place', { ...services, imageRegistry: 'hunter2 ' }],
    ['a secret with a wrong name', { ...services, passwrod: 'hunter2' }],
    ['a secret instead of the section', 'hunter2'],
  ])('are not shown in a problem: %s', (_name, value) => {
    expect(refusal(raw({ services: value }, { secretKeys: ['services'] }))).not.toContain('hunter2');
  });

  test('are not shown in a problem of their own while they stand in the file as plain text', () => {
    const credentials = { username: 'aios', password: 'hunter2 ' };
    const message = refusal(raw({ services: { ...services, registryCredentials: credentials } }));
    expect(message).toContain('aios-network:services.registryCredentials.password: [secret]');
  });

  test('are refused as plain text', () => {
    const kubeconfig = 'apiVersion: v1\nkind: Config\n';
    const message = refusal(raw({ services, cluster: { context: 'c', kubeconfig } }));
    expect(message).toContain('services.registryCredentials.password:\n  must be encrypted');
    expect(message).toContain('cluster.kubeconfig:\n  must be encrypted');
    expect(message).not.toContain('hunter2');
  });

  test('are refused where they would end as plain text', () => {
    const config = raw({ gateway: { image: 'gateway:v1', env: { TOKEN: 'hunter2' } } }, { secretKeys: ['gateway'] });
    expect(problems(config)[0]?.[1]).toContain('holds an encrypted value where the program expects none');
  });
});

describe('cluster', () => {
  const embedded = { AIOS_EMBEDDED_KUBECONFIG: '/checkout/.aios/cluster/kubeconfig' };

  test('is the embedded one for stack dev without a context', () => {
    const { cluster } = parseConfig(raw({ cluster: {} }, { stack: 'dev' }), embedded);
    expect(cluster).toEqual({ context: 'aios-embedded', kubeconfig: embedded.AIOS_EMBEDDED_KUBECONFIG });
  });

  test('is the one that stack dev names', () => {
    const { cluster } = parseConfig(raw({}, { stack: 'dev' }), embedded);
    expect(cluster).toEqual({ context: 'aios-test' });
  });

  test('is never the embedded one for another stack', () => {
    expect(problems(raw({ cluster: {} }), embedded)[0]?.[0]).toBe('aios-network:cluster.context:');
  });

  test('is asked for where the embedded one is not running', () => {
    expect(problems(raw({ cluster: {} }, { stack: 'dev' }))).toEqual([
      [
        'aios-network:cluster.context:',
        'is required: the embedded cluster is not running, and no other cluster is named',
        'fix: start the embedded cluster with `make up`, or name the context of a cluster of yours',
      ],
    ]);
  });

  test('takes its kubeconfig from the home directory', () => {
    const cluster = { context: 'c', kubeconfig: '~/parse.test.ts' };
    expect(parseConfig(raw({ cluster }), { HOME: __dirname }).cluster.kubeconfig).toBe(`${__dirname}/parse.test.ts`);
  });

  test('is told by the path that was mistyped', () => {
    const cluster = { context: 'c', kubeconfig: '~/.kube/confg' };
    expect(problems(raw({ cluster }), { HOME: __dirname })).toEqual([
      [
        'aios-network:cluster.kubeconfig: "~/.kube/confg"',
        'must be the path of a kubeconfig, and there is no such file on this machine',
        'fix: correct the path, or remove the key to have the kubeconfig found as kubectl finds it',
      ],
    ]);
    expect(refusal(raw({ cluster }, { secretKeys: ['cluster'] }))).not.toContain('confg');
  });
});
