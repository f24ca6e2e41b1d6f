import type { GuardrailName } from '../../../../policies/guardrails/names';
import { type Resource, UNKNOWN } from '../../../../policies/guardrails/resource';
import { RESOURCE_GUARDRAILS, STACK_GUARDRAILS } from '../../../../policies/guardrails/rules';
import { enforcementOf, settingsOf } from '../../../../policies/guardrails/enforcement';
import { guardrailSettings } from '../../../../policies/guardrails/settings';

type Props = Record<string, unknown>;

const settings = guardrailSettings.parse({ requiredBindings: ['add_node'] });

/** What every guardrail has to say about some resources. */
function breaches(...resources: Resource[]): Partial<Record<GuardrailName, string[]>> {
  const single = Object.entries(RESOURCE_GUARDRAILS).map(
    ([name, { check }]) => [name, resources.flatMap(check)] as const,
  );
  const whole = Object.entries(STACK_GUARDRAILS).map(
    ([name, { check }]) => [name, check(resources, settings).map(({ what }) => what)] as const,
  );
  return Object.fromEntries([...single, ...whole].filter(([, found]) => found.length > 0));
}

const resource = (type: string, name: string, props: Props, protect = true): Resource => ({
  type,
  name,
  props,
  protect,
});

const container = (changes: Props = {}): Props => ({
  name: 'main',
  image: 'registry.internal:31280/parser:v1.2.3',
  ports: [{ containerPort: 80 }],
  readinessProbe: { tcpSocket: { port: 80 } },
  livenessProbe: { tcpSocket: { port: 80 } },
  resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '64Mi' } },
  ...changes,
});

const labels = { app: 'parser' };
const template = (containers: unknown, spec: Props = {}) => ({ metadata: { labels }, spec: { containers, ...spec } });

const deployment = (changes: Props = {}, spec: Props = {}, replicas: unknown = 1) =>
  resource('kubernetes:apps/v1:Deployment', 'parser', {
    metadata: { name: 'parser', namespace: 'services' },
    spec: { replicas, template: template([container(changes)], spec) },
  });

const database = (name: string, replicas: unknown = 3, protect = true) =>
  resource(
    'kubernetes:apps/v1:StatefulSet',
    name,
    {
      metadata: { name, namespace: 'registries' },
      spec: { replicas, template: template([container({ args: ['--replSet', 'rs0'] })]) },
    },
    protect,
  );

const inNamespace = (kind: string, namespace: unknown, spec: Props = {}) =>
  resource(`kubernetes:${kind}`, 'one', { metadata: { name: 'one', namespace }, spec });
const policy = (namespace: unknown) => inNamespace('networking.k8s.io/v1:NetworkPolicy', namespace);
const budget = (namespace: unknown, matchLabels: unknown) =>
  inNamespace('policy/v1:PodDisruptionBudget', namespace, { selector: { matchLabels } });
const namespace = (name: unknown) => resource('kubernetes:core/v1:Namespace', 'services', { metadata: { name } });
const map = (bindings: unknown) => resource('aios:governance:PreCheckPolicies', 'network', { bindings });
const volume = (spec: Props) => resource('kubernetes:core/v1:PersistentVolume', 'v', { metadata: { name: 'v' }, spec });

/** What a stack has to have so that nothing is to be said about it. */
const sound = () => [
  database('registry'),
  database('metrics-db'),
  budget('registries', labels),
  map({ add_node: { policy: 'max-nodes:v1-stable' } }),
  namespace('services'),
  policy('services'),
];

test('a sound stack is not talked about', () => {
  expect(breaches(...sound(), deployment())).toEqual({});
});

test.each<[GuardrailName, string, Resource]>([
  ['images-pinned', 'may be another image tomorrow', deployment({ image: 'registry.internal:31280/parser' })],
  ['images-pinned', 'runs mongo:latest', deployment({ image: 'mongo:latest' })],
  ['probes', 'has no readinessProbe', deployment({ readinessProbe: undefined })],
  ['probes', 'has no livenessProbe', deployment({ livenessProbe: null })],
  [
    'resources',
    'has no resources.requests.cpu, resources.limits.memory',
    deployment({ resources: { requests: { memory: '1Gi' } } }),
  ],
  ['not-privileged', 'is privileged', deployment({ securityContext: { privileged: true } })],
  [
    'not-privileged',
    'adds the capability SYS_ADMIN',
    deployment({ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } }),
  ],
  ['not-privileged', 'its pods have hostNetwork', deployment({}, { hostNetwork: true })],
  [
    'no-host-path',
    'is a directory of its node: /etc',
    deployment({}, { volumes: [{ name: 'v', hostPath: { path: '/etc' } }] }),
  ],
  ['no-host-path', 'no database', volume({ hostPath: { path: '/' } })],
  ['no-host-path', 'no database', volume({ local: { path: '/' }, claimRef: { name: 'data-parser-0' } })],
  [
    'no-plain-credentials',
    'the credential DB_PASSWORD as text',
    deployment({ env: [{ name: 'DB_PASSWORD', value: 'x' }] }),
  ],
  [
    'no-plain-credentials',
    'the credential DB_URL',
    deployment({ env: [{ name: 'DB_URL', value: 'mongodb://u:p@host/db' }] }),
  ],
  ['disruption-budgets', 'has 2 pods and no disruption budget', deployment({}, {}, 2)],
])('%s: %s', (name, text, breach) => {
  expect(breaches(...sound(), breach)).toEqual({ [name]: [expect.stringContaining(text)] });
});

test('a credential is not told with its breach', () => {
  const found = breaches(...sound(), deployment({ env: [{ name: 'API_KEY', value: 'hunter2' }] }));
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('containers that run first, and those of jobs, are looked at as well', () => {
  const job = resource('kubernetes:batch/v1:CronJob', 'backup', {
    spec: { jobTemplate: { spec: { template: template([container({ image: 'a:latest', ports: [] })]) } } },
  });
  expect(breaches(...sound(), job)).toEqual({ 'images-pinned': [expect.stringContaining('a:latest')] });
  const first = deployment({}, { initContainers: [container({ name: 'first', image: 'b' })] });
  expect(breaches(...sound(), first)).toEqual({ 'images-pinned': [expect.stringContaining('container first runs b')] });
});

test('a database is missed, has to be protected, and has an odd number of members', () => {
  const [, ...rest] = sound();
  expect(breaches(...rest)).toEqual({ 'databases-kept': [expect.stringContaining('registry is not in the stack')] });
  expect(breaches(database('registry', 3, false), ...rest)).toEqual({
    'databases-kept': [expect.stringContaining('is not protected')],
  });
  expect(breaches(database('registry', 4), ...rest)).toEqual({
    'odd-members': [expect.stringContaining('it has 4 members')],
  });
  expect(breaches(database('registry', 0), ...rest)).toEqual({});
});

test('a database that upstream installed is there by the Deployments of its members, each of which has to be protected', () => {
  const [, ...rest] = sound();
  const member = (protect: boolean) => {
    const { props } = database('registry-1', 1);
    return resource('kubernetes:apps/v1:Deployment', 'registry-1', props, protect);
  };
  const volume = (name: string) =>
    resource('kubernetes:core/v1:PersistentVolume', name, { metadata: { name }, spec: { hostPath: { path: '/mnt' } } });
  expect(breaches(member(true), volume('registry-pv-1'), ...rest)).toEqual({});
  expect(breaches(member(false), ...rest)).toEqual({ 'databases-kept': [expect.stringContaining('is not protected')] });
  expect(breaches(member(true), volume('other-pv-1'), ...rest)).toHaveProperty('no-host-path');
});

test('a namespace without a policy is found, and one with a policy of another is', () => {
  const without = sound().filter(({ type }) => !type.endsWith(':NetworkPolicy'));
  const found = { 'network-policies': [expect.stringContaining('has no NetworkPolicy')] };
  expect(breaches(...without)).toEqual(found);
  expect(breaches(...without, policy('utils'))).toEqual(found);
});

test('a budget covers the pods of its namespace that it selects', () => {
  const replicated = deployment({}, {}, 2);
  expect(breaches(...sound(), replicated, budget('services', labels))).toEqual({});
  expect(breaches(...sound(), replicated, budget('services', { app: 'other' }))).toHaveProperty('disruption-budgets');
  expect(breaches(...sound(), replicated, budget('utils', labels))).toHaveProperty('disruption-budgets');
});

test.each([undefined, {}, { add_node: null }, { remove_node: 'x:v1-a' }])(
  'with bindings %j an action lacks its policy',
  (bindings) => {
    const others = sound().filter(({ type }) => !type.endsWith(':PreCheckPolicies'));
    expect(breaches(...others, ...(bindings ? [map(bindings)] : []))).toEqual({
      'required-bindings': ['asks no policy before add_node'],
    });
  },
);

test('what is not known yet is no breach, wherever it stands', () => {
  const [first, second] = sound();
  const others = sound().slice(2);
  const unknowns = [
    'image',
    'ports',
    'readinessProbe',
    'livenessProbe',
    'resources',
    'securityContext',
    'env',
    'name',
  ].map((key) => deployment({ [key]: UNKNOWN }));
  const env = deployment({ env: [{ name: UNKNOWN, value: UNKNOWN }, { name: 'A', value: UNKNOWN }, UNKNOWN] });
  const whole = ['spec', 'metadata'].map((key) => ({
    ...deployment(),
    props: { ...deployment().props, [key]: UNKNOWN },
  }));
  const stack = [
    map({ add_node: UNKNOWN }),
    database('registry', UNKNOWN),
    deployment({}, { volumes: UNKNOWN, hostNetwork: UNKNOWN }, UNKNOWN),
    volume({ hostPath: { path: UNKNOWN }, claimRef: { name: UNKNOWN } }),
    ...unknowns,
    env,
    ...whole,
  ];
  expect(breaches(...(first && second ? [first, second] : []), ...others, ...stack)).toEqual({});
  const unplaced = [namespace('utils'), policy(UNKNOWN), deployment({}, {}, 2), budget(UNKNOWN, UNKNOWN)];
  expect(breaches(...sound(), ...unplaced)).toEqual({});
});

test.each([
  ['{"enforcement":"mandatory","rules":{"probes":"disabled"},"requiredBindings":["add_node"]}'],
  ['{"rules":{"probes":"mandatory"}}'],
  ['{}'],
])('the pack reads section %s as the program does', (text) => {
  expect(settingsOf(text)).toEqual(guardrailSettings.parse(JSON.parse(text)));
});

test.each([[undefined], ['hello'], ['null'], ['{"enforcement":"strict","rules":null,"requiredBindings":1}']])(
  'of section %s, which the program refuses, the pack takes nothing',
  (text) => {
    expect(settingsOf(text)).toEqual(guardrailSettings.parse({}));
    expect(enforcementOf(settingsOf(text), 'probes')).toBe('advisory');
  },
);
