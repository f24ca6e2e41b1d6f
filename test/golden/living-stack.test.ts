import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { Deployment } from '../../embedded/engine/deployment/deployment';
import { type Goal, goalOf } from '../../embedded/engine/deployment/goal';
import { leftovers } from '../../embedded/engine/deployment/delete';
import { register } from '../../embedded/engine/deployment/register';
import { Run } from '../../embedded/engine/deployment/run';
import type { DisplayEvent } from '../../embedded/engine/display/events';
import type { Provider } from '../../embedded/engine/providers/provider';
import { StateWriter } from '../../embedded/engine/state/journal';
import { resourceFromJson } from '../../embedded/engine/state/resource-json';
import type { ResourceState } from '../../embedded/engine/state/resource-state';
import { reviveSecrets } from '../../embedded/engine/state/secret-record';
import { diff } from '../../embedded/engine/values/diff';
import { type PropertyMap, Secret, type Value } from '../../embedded/engine/values/value';
import { catalogue } from '../../infra/catalogue';
import { runStack } from './stack-program';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

/** What each version of a rule changes: governance has tests of its own. */
const governance = /aios:index:(Governance|PolicyBindings)/;

/**
 * The state of stack dev that `make up` wrote on commit ed247cb, one resource a line: without outputs and governance, secrets
 * removed, long texts by their checksum.
 */
function writtenState(): ResourceState[] {
  const file = path.join(__dirname, 'states/dev-ed247cb.json');
  const resources = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Value>[];
  return resources.map((json) => resourceFromJson(reviveSecrets(json, () => 'removed') as PropertyMap));
}

/** A value as {@link writtenState} has it. */
function trimmed(value: Value): Value {
  if (value instanceof Secret) return 'removed';
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value === 'string') {
    return value.length > 200 ? `sha256:${createHash('sha256').update(value).digest('hex')}` : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as PropertyMap).map(([key, inner]) => [key, trimmed(inner)]));
}

/** A provider that only compares. It takes a Secret's texts for data, as the kubernetes provider does. */
function comparing(): Provider {
  const refuse = () => Promise.reject(new Error('a preview changes nothing'));
  const check: Provider['check'] = ({ newInputs: { stringData, ...others } }) => {
    const inputs = { ...others, ...(stringData !== undefined && { data: stringData }) };
    return Promise.resolve({ inputs: trimmed(inputs) as PropertyMap, failures: [] });
  };
  const compare: Provider['diff'] = ({ oldInputs, newInputs }) => {
    const detailed = diff(oldInputs, newInputs);
    return Promise.resolve({
      changes: Object.keys(detailed).length > 0,
      replaces: [],
      deleteBeforeReplace: false,
      detailed,
    });
  };
  return {
    checkConfig: check,
    diffConfig: () => Promise.resolve({ changes: false, replaces: [], deleteBeforeReplace: false, detailed: {} }),
    configure: () => Promise.resolve(),
    check,
    diff: compare,
    create: ({ inputs }) => Promise.resolve({ id: '', outputs: inputs }),
    read: refuse,
    update: ({ newInputs }) => Promise.resolve({ outputs: newInputs }),
    delete: refuse,
    close: () => Promise.resolve(),
  };
}

/** A request of a run under mocks as the engine would get it: mocks put the stack into URNs, and give providers other ids. */
function goalIn(state: readonly ResourceState[], request: RegisterResourceRequest): Goal {
  const urn = (mocked: string) => mocked.replace('::pulumi:pulumi:Stack$', '::');
  const goal = goalOf(request);
  const provider = state.find((resource) => urn(goal.provider ?? '').startsWith(`${resource.urn}::`));
  const aliases = goal.aliases.map((alias) =>
    'parent' in alias ? { ...alias, parent: urn(alias.parent ?? '') } : alias,
  );
  return {
    ...goal,
    aliases,
    dependencies: goal.dependencies.map(urn),
    ...(goal.parent !== undefined && { parent: urn(goal.parent) }),
    ...(provider && { provider: `${provider.urn}::${provider.id ?? ''}` }),
  };
}

/** What a preview of the program says of each resource that is not as it was, by URN. */
async function preview(state: ResourceState[], requests: readonly RegisterResourceRequest[]) {
  const events: DisplayEvent[] = [];
  const base = { resources: state, pending: [], metadata: {} };
  const run = new Run({
    project: 'aios-network',
    stack: 'dev',
    preview: true,
    parallel: 8,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    writer: new StateWriter(base, () => Promise.resolve()),
  });
  const deployment = new Deployment(run, base, () => Promise.resolve(comparing()));
  for (const request of requests) await register(deployment, goalIn(state, request));
  const steps = events.flatMap((event) => (event.type === 'step-done' ? [event.step] : []));
  return {
    same: steps.filter(({ op }) => op === 'same').length,
    changes: steps.filter(({ op }) => op !== 'same').map(({ op, urn }) => `${op} ${urn}`),
    deletions: leftovers(deployment).map(({ urn }) => urn),
  };
}

/**
 * What a new members script, with what it asks for, changes of each database: its members restart once. Beside the secrets that
 * there are, which stay, come those of the users and the next ones.
 */
const membersChanged = ['registry', 'metrics-db'].flatMap((name) => {
  const within = 'aios:index:ManagementCluster$aios:index:MongoReplicaSet';
  const of = (op: string, type: string, object: string) =>
    `${op} urn:pulumi:dev::aios-network::${within}$kubernetes:${type}::${object}`;
  const password = (secret: string) =>
    `create urn:pulumi:dev::aios-network::${within}$random:index/randomPassword:RandomPassword::${name}-${secret}`;
  return [
    ...['users-password', 'users-password-1', 'keyfile-1'].map(password),
    `create urn:pulumi:dev::aios-network::aios:index:ManagementCluster$kubernetes:core/v1:ConfigMap::${name}-rotation`,
    of('create', 'core/v1:ConfigMap', `${name}-initiated`),
    of('update', 'core/v1:ConfigMap', `${name}-members`),
    of('update', 'rbac.authorization.k8s.io/v1:Role', `${name}-members`),
    of('update', 'apps/v1:StatefulSet', name),
  ];
});

/** The services that connect to a database restart once, each with a user of its own. */
const clientsChanged = Object.values(catalogue)
  .filter(({ definition }) => definition.databases !== undefined)
  .map(({ name }) => {
    const within = 'aios:index:ManagementCluster$aios:index:NetworkService';
    return `update urn:pulumi:dev::aios-network::${within}$kubernetes:apps/v1:Deployment::${name}`;
  });

/** Labels of Pod Security that came to the namespaces: pods that run are left alone. */
const namespacesLabelled = ['registries', 'utils', 'metrics-system', 'services'].map(
  (name) =>
    'update urn:pulumi:dev::aios-network::aios:index:ManagementCluster$aios:index:NetworkNamespace$kubernetes:core/v1:Namespace::' +
    name,
);

/** Those that keep data in their pod restart once: their redis has a bound now, and they stop at once. */
const redisBounded = ['tasks-db', 'vdag-processor', 'metrics-redis'].map(
  (name) =>
    'update urn:pulumi:dev::aios-network::aios:index:ManagementCluster$aios:index:NetworkService$' +
    `kubernetes:apps/v1:Deployment::${name}`,
);

/** Whoever may connect to a database is told by the name of the namespace, and no longer by a label that only ours have. */
const clientsNamed = ['registry', 'metrics-db'].map(
  (name) =>
    'update urn:pulumi:dev::aios-network::aios:index:ManagementCluster$aios:index:MongoReplicaSet$' +
    `kubernetes:networking.k8s.io/v1:NetworkPolicy::${name}`,
);

test('a stack that is up stays as it is: what was renamed since is found by its alias, and what guards data comes to it', async () => {
  const state = writtenState();
  const { requests } = await runStack('dev');
  const wanted = requests.filter((request) => !governance.test(request.getParent() + request.getType()));
  const created = [
    'DataPlacement::metrics-db',
    'DataPlacement::registry',
    'DatabaseNodes::metrics-db',
    'DatabaseNodes::registry',
  ].map((name) => `create urn:pulumi:dev::aios-network::aios:database:${name}`);
  created.push('create urn:pulumi:dev::aios-network::aios:cluster:TargetCluster::cluster');
  const { changes, ...rest } = await preview(state, wanted);
  const expected = [
    ...new Set([...namespacesLabelled, ...clientsNamed, ...redisBounded, ...membersChanged, ...clientsChanged]),
  ];
  const updated = expected.filter((change) => change.startsWith('update'));
  expect(rest).toEqual({ same: state.length - updated.length, deletions: [] });
  expect(changes.sort()).toEqual([...created, ...expected].sort());
});
