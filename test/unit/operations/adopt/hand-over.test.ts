import { adopt, type Cluster } from '../../../../operations/adopt/adopt';
import { handOver } from '../../../../operations/adopt/hand-over';
import type { Json, JsonMap } from '../../../../kubernetes-api';
import { networkConfig } from '../../../network-config';

const entry = (manager: string, fieldsV1: JsonMap, more: JsonMap = {}): JsonMap => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});

const deployment = (...managedFields: JsonMap[]): JsonMap => ({
  apiVersion: 'apps/v1',
  metadata: { name: 'blocks-db', resourceVersion: '7', managedFields },
});

/** Who has set what, after the patch; undefined where there is none. */
function managers(object: JsonMap): unknown {
  const step = handOver(object);
  const patch = step.state === 'open' ? (step.patch as { value: unknown }[]) : [];
  return (patch[1]?.value as JsonMap[] | undefined)?.map(({ manager, operation, fieldsV1 }) => [
    manager,
    operation,
    fieldsV1,
  ]);
}

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const STATUS = { 'f:status': {} };

test('what kubectl has set is applied by the stack from now on; all else stays as it is', () => {
  const object = deployment(
    entry('kubectl-create', { 'f:spec': { 'f:strategy': {} } }),
    entry('kubectl-scale', REPLICAS),
    entry('kube-controller-manager', { 'f:metadata': { 'f:annotations': {} } }),
    entry('kube-controller-manager', STATUS, { subresource: 'status' }),
    // Without it the pod would restart.
    entry('kubectl-rollout', { 'f:spec': { 'f:template': {} } }),
  );
  expect(managers(object)).toEqual([
    ['kube-controller-manager', 'Update', { 'f:metadata': { 'f:annotations': {} } }],
    ['kube-controller-manager', 'Update', STATUS],
    ['kubectl-rollout', 'Update', { 'f:spec': { 'f:template': {} } }],
    ['aios-network', 'Apply', { 'f:metadata': {}, 'f:spec': { 'f:strategy': {}, 'f:replicas': {} } }],
  ]);
});

test('an object that nobody left a name on is handed over too, and one that was handed over is done', () => {
  expect(managers(deployment())).toEqual([['aios-network', 'Apply', { 'f:metadata': {} }]]);
  expect(handOver(deployment(entry('aios-network', REPLICAS, { operation: 'Apply' })))).toEqual({ state: 'done' });
});

test('kubectl has changed it since: handed over again, and nothing of before is lost', () => {
  const object = deployment(
    entry('aios-network', { 'f:spec': { 'f:strategy': {} } }, { operation: 'Apply' }),
    entry('kubectl-edit', REPLICAS),
  );
  expect(managers(object)).toEqual([
    ['aios-network', 'Apply', { 'f:metadata': {}, 'f:spec': { 'f:strategy': {}, 'f:replicas': {} } }],
  ]);
});

test.each(['helm', 'pulumi-kubernetes-1a2b3c4d', 'argocd-controller'])('what %s looks after is left alone', (owner) => {
  expect(handOver(deployment(entry(owner, REPLICAS)))).toEqual({ state: 'foreign', owner });
});

describe('make adopt', () => {
  const nodes = ['a', 'b', 'c'];
  const database = (localPath: string) => ({ storage: { localPath }, nodes, size: '10Gi', authentication: 'none' });
  const config = (sections: Record<string, unknown> = {}) =>
    networkConfig({
      cluster: { context: 'test', adopt: true },
      registry: database('/mnt/data/registry'),
      metrics: database('/mnt/data/metrics-db'),
      ...sections,
    });

  /** A cluster with both databases, and one Deployment of the stack's. */
  function upstream(nodeOf = (ordinal: number) => nodes[ordinal] ?? '') {
    const live = deployment(entry('kubectl-create', REPLICAS));
    const patches: string[] = [];
    const conflicts: Error[] = [];
    const members = (path: string, of: (name: string, ordinal: number) => JsonMap) => {
      const name = path.includes('/registries/') ? 'registry' : 'metrics-db';
      return nodes.map((_, ordinal) => of(`${name}-${ordinal}`, ordinal));
    };
    const cluster: Cluster = {
      find: (path) => {
        const [, name = '', ordinal = ''] = /persistentvolumes\/(.+)-pv-(\d)$/.exec(path) ?? [];
        const spec = { hostPath: { path: `/mnt/data/${name}-${ordinal}` }, capacity: { storage: '10Gi' } };
        return Promise.resolve(name === '' ? live : { spec });
      },
      list: (path) =>
        Promise.resolve(
          path.endsWith('/pods')
            ? members(path, (app, ordinal) => ({
                metadata: { name: `${app}-x`, labels: { app } },
                spec: { nodeName: nodeOf(ordinal) },
              }))
            : members(path, (name) => ({ metadata: { name } })),
        ),
      patch: (path: string, body: Json[]) => {
        const conflict = conflicts.shift();
        if (conflict) return Promise.reject(conflict);
        patches.push(`${path} ${body.length}`);
        return Promise.resolve();
      },
    };
    return { cluster, patches, conflicts };
  }
  const annotations = { 'pulumi.com/patchFieldManager': 'aios-network' };
  const object = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'registries', name: 'blocks-db' },
    content: { metadata: { annotations } },
  };

  async function run({ cluster }: ReturnType<typeof upstream>, of = config(), confirmed = true) {
    const said: string[] = [];
    const code = await adopt(
      cluster,
      of,
      [object],
      () => Promise.resolve(confirmed),
      (line) => said.push(line),
    );
    return { code, said: said.join('\n') };
  }

  test('asks, and hands over what is not yet', async () => {
    const refused = upstream();
    expect(await run(refused, config(), false)).toMatchObject({ code: 1 });
    expect(refused.patches).toEqual([]);
    const accepted = upstream();
    accepted.conflicts.push(new Error('conflict'));
    expect((await run(accepted)).said).toContain('1 objects are handed over. make preview STACK=test');
    expect(accepted.patches).toEqual(['/apis/apps/v1/namespaces/registries/deployments/blocks-db 2']);
  });

  test('gives up where an object changes again and again', async () => {
    const restless = upstream();
    restless.conflicts.push(...Array.from({ length: 9 }, () => new Error('it has changed')));
    await expect(run(restless)).rejects.toThrow(
      'Deployment registries/blocks-db cannot be handed over: it has changed',
    );
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['other nodes', { registry: { ...database('/mnt/data/registry'), nodes: ['c', 'b', 'a'] } }, 'nodes: [a, b, c]'],
    ['other directories', { registry: database('/data/registry') }, 'storage: { localPath: /mnt/data/registry }'],
    ['another size', { metrics: { ...database('/mnt/data/metrics-db'), size: '20Gi' } }, 'size: 10Gi'],
    ['another number of members', { registry: { ...database('/mnt/data/registry'), replicas: 1 } }, 'replicas: 3'],
  ])('hands nothing over to a stack that names %s', async (_what, sections, fix) => {
    const found = upstream();
    const { code, said } = await run(found, config(sections));
    expect(code).toBe(1);
    expect(said).toMatch(/PROBLEM (registry|metrics)\./);
    expect(said).toContain(`set ${fix}`);
    expect(found.patches).toEqual([]);
  });

  test('a member that does not run, or a stack that takes nothing over', async () => {
    expect((await run(upstream((ordinal) => (ordinal === 1 ? '' : 'a')))).said).toContain('no pod of member 1 runs');
    await expect(run(upstream(), networkConfig())).rejects.toThrow('set aios-network:cluster.adopt: true');
  });
});
