import { ManagementCluster } from '../../../../infra/management-cluster';
import { maskSecrets, type Registration, runProgram } from '../../../pulumi-mocks';
import { networkConfig } from '../../../network-config';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

const runs = new Map<string, Registration[]>();

/** Registers a stack; once, however often it is asked. */
async function register(sections: Record<string, unknown>): Promise<Registration[]> {
  const key = JSON.stringify(sections);
  const known = runs.get(key);
  if (known !== undefined) return known;
  const { resources } = await runProgram(() => {
    new ManagementCluster('test', networkConfig(sections), {});
  });
  runs.set(key, resources);
  return resources;
}

type Json = Record<string, unknown>;

/** What the section alone makes of a stack. */
async function made(monitoring: Json, sections: Json = {}): Promise<Registration[]> {
  const before = new Set((await register(sections)).map(({ urn }) => urn));
  const after = await register({ ...sections, monitoring: { enabled: true, ...monitoring } });
  return after.filter(({ urn }) => !before.has(urn));
}

const kindsOf = (resources: Registration[]) =>
  resources
    .flatMap(({ inputs, name }) => (typeof inputs.kind === 'string' ? [`${inputs.kind} ${name}`] : []))
    .toSorted();

const EXPORTERS = ['metrics-db-exporter', 'metrics-redis-exporter', 'registry-exporter'];

const of = (kind: string, resources: Registration[]) => resources.filter(({ inputs }) => inputs.kind === kind);

test('a stack without the section has nothing of it', async () => {
  const resources = await register({});
  expect(resources.filter(({ urn }) => /monitor|exporter/i.test(urn))).toEqual([]);
  expect(await register({ monitoring: { selectorLabels: { release: 'prometheus' } } })).toEqual(resources);
});

describe('with the section', () => {
  let resources: Registration[];
  let operated: Registration[];
  beforeAll(async () => {
    resources = await made({});
    operated = await made({ prometheusOperator: true, selectorLabels: { release: 'stack' } });
  });

  test('each database and redis has an exporter, and a database a user for it', () => {
    expect(kindsOf(resources)).toEqual(
      [
        ...['Deployment', 'NetworkPolicy', 'Service', 'ServiceAccount'].flatMap((kind) =>
          EXPORTERS.map((name) => `${kind} ${name}`),
        ),
        ...['ConfigMap databases-dashboard', 'Secret metrics-db-monitor', 'Secret registry-monitor'],
      ].toSorted(),
    );
  });

  test('only the scraper reaches exporters', () => {
    for (const { inputs } of of('NetworkPolicy', resources)) {
      expect(inputs.spec).toMatchObject({
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
                podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
              },
            ],
            ports: [expect.anything()],
          },
        ],
      });
    }
  });

  test('their pods are let in by the databases, run as nobody special and are bounded', () => {
    for (const { name, inputs } of of('Deployment', resources)) {
      const { metadata, spec } = (inputs.spec as { template: { metadata: Json; spec: Json } }).template;
      const isClient = 'aios-network/database-client' in (metadata.labels as Json);
      expect(isClient).toBe(name !== 'metrics-redis-exporter');
      const [container] = spec.containers as [Json];
      expect(container).toMatchObject({
        securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        resources: { limits: { memory: expect.any(String) as string } },
      });
    }
  });

  test('every member is asked by itself, and no password stands in the pod', () => {
    const registry = of('Deployment', resources).find(({ name }) => name === 'registry-exporter');
    const [container] = (registry?.inputs.spec as { template: { spec: { containers: [Json] } } }).template.spec
      .containers;
    const env = new Map((container.env as { name: string; value?: string }[]).map((one) => [one.name, one]));
    expect(env.get('MONGODB_URI')?.value?.split(',')).toEqual(
      [0, 1, 2].map((n) => `mongodb://registry-${n}.registries.svc.cluster.local:27017/?authSource=admin`),
    );
    expect(env.get('MONGODB_PASSWORD')).toHaveProperty('valueFrom.secretKeyRef', {
      name: 'registry-monitor',
      key: 'monitor-0',
    });
  });

  test('over TLS it verifies them by what their Secret has of who signs', async () => {
    const all = await register({ monitoring: { enabled: true }, registry: { tls: { secret: 'registry-tls' } } });
    const registry = of('Deployment', all).find(({ name }) => name === 'registry-exporter');
    const { containers, volumes } = (registry?.inputs.spec as { template: { spec: Record<string, Json[]> } }).template
      .spec;
    expect(JSON.stringify(containers)).toContain('/?authSource=admin&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt');
    const [volume] = (volumes ?? []) as [{ name: string }];
    expect(containers).toMatchObject([{ volumeMounts: [{ name: volume.name, mountPath: '/etc/mongodb-ca' }] }]);
    expect(volume).toHaveProperty('secret.secretName', 'registry-tls');
  });

  test('members learn the password of the user; nobody else’s is changed, and no pod of them restarts', async () => {
    const [without, withUser] = [await register({}), await register({ monitoring: { enabled: true } })];
    const find = (all: Registration[], kind: string, name: string) =>
      of(kind, all).find((resource) => resource.name === name)?.inputs;
    const credentials = (all: Registration[]) =>
      Object.keys((find(all, 'Secret', 'registry-credentials')?.stringData as { value: Json }).value).toSorted();
    const added = credentials(withUser).filter((user) => !credentials(without).includes(user));
    // That of the next rotation, too, as all users are known one rotation in advance.
    expect(added).toEqual(['monitor-0', 'monitor-1']);
    expect(credentials(without).filter((user) => !credentials(withUser).includes(user))).toEqual([]);
    expect(find(withUser, 'StatefulSet', 'registry')).toEqual(find(without, 'StatefulSet', 'registry'));
  });

  test('without the operator, annotations tell where metrics are; with it, its objects do', () => {
    const annotated = (all: Registration[]) =>
      of('Service', all).map(({ inputs }) => 'prometheus.io/scrape' in ((inputs.metadata as Json).annotations as Json));
    expect(annotated(resources)).toEqual([true, true, true]);
    expect(annotated(operated)).toEqual([false, false, false]);
    expect(of('ServiceMonitor', resources)).toEqual([]);
  });

  test('the operator is told what to scrape and when to raise an alert, by labels that its Prometheus selects', () => {
    expect(kindsOf(operated).filter((kind) => /^(ServiceMonitor|PrometheusRule)/.test(kind))).toEqual(
      [
        ...EXPORTERS.map((name) => `ServiceMonitor ${name}-service-monitor`),
        ...['metrics-db', 'metrics-redis', 'registry'].map((name) => `PrometheusRule ${name}-rules`),
      ].toSorted(),
    );
    for (const { inputs } of [...of('ServiceMonitor', operated), ...of('PrometheusRule', operated)]) {
      expect(inputs.apiVersion).toBe('monitoring.coreos.com/v1');
      expect(inputs.metadata).toMatchObject({ labels: { release: 'stack' } });
    }
  });

  test('a ServiceMonitor finds a port of a Service that there is, and leaves the label instance to the exporter', () => {
    for (const { inputs } of of('ServiceMonitor', operated)) {
      const { name } = inputs.metadata as { name: string };
      const service = of('Service', operated).find((one) => one.name === name)?.inputs;
      const { selector, endpoints } = inputs.spec as { selector: { matchLabels: Json }; endpoints: [Json] };
      expect((service?.metadata as { labels: Json }).labels).toMatchObject(selector.matchLabels);
      expect(service?.spec).toMatchObject({ ports: [{ name: endpoints[0].port }] });
      expect(endpoints[0].honorLabels).toBe(true);
    }
  });

  test('no generated password is seen', () => {
    expect(JSON.stringify(maskSecrets(resources.map(({ inputs }) => inputs)))).not.toContain('mock-secret-value');
  });
});

test('a stack without redis has neither its exporter nor its alerts, and one without the dashboard none', async () => {
  const services = { imageRegistry: 'registry.example.org', overrides: { 'metrics-redis': { enabled: false } } };
  const names = kindsOf(await made({ dashboard: false, prometheusOperator: true }, { services }));
  expect(names.filter((name) => /redis|ConfigMap/.test(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(10);
});

test('images come from the mirror', async () => {
  const services = { imageRegistry: 'registry.example.org', publicImageRegistry: 'mirror.example.org' };
  const images = of('Deployment', await made({}, { services })).flatMap(
    ({ inputs }) => JSON.stringify(inputs).match(/"image":"[^"]+"/g) ?? [],
  );
  expect(images).toHaveLength(3);
  expect(images.filter((image) => !image.includes('mirror.example.org/'))).toEqual([]);
});
