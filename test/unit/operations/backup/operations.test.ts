import { backupPod } from '../../../../infra/database/backup/pods';
import type { NetworkConfig } from '../../../../infra/config';
import type { JsonMap } from '../../../../kubernetes-api';
import { backupNow } from '../../../../operations/backup/backup-now';
import { rehearse } from '../../../../operations/backup/rehearse';
import { restore } from '../../../../operations/backup/restore';
import { networkConfig } from '../../../network-config';
import { closeServers } from '../../kubernetes-api/servers';
import { FakeCluster, type Run } from './fake-cluster';

afterEach(closeServers);

const CRON_JOBS = '/apis/batch/v1/namespaces/registries/cronjobs';
const JOBS = '/apis/batch/v1/namespaces/registries/jobs';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/registries/deployments';

const manifest = (name: string, takenAt: string, collections: Record<string, number>) =>
  `::backup ${JSON.stringify({ format: 1, name, takenAt, bytes: 2048, server: '6.0.20', oplogEntries: 0, collections })}`;
const OLD = manifest('registry-old', '2026-01-01T00:00:00Z', { 'a.b': 1 });
const NEW = manifest('registry-new', '2026-01-02T00:00:00Z', { 'a.b': 3, 'admin.system.version': 2 });
const LOOK: Run = { log: [OLD, NEW, '::counts {"a.b":5,"a.new":1}'] };
const RESTORED: Run = { log: ['Restoring backup registry-new', '::counts {"a.b":3,"a.new":1}'] };

function clusterWith(runs: Record<string, Run>): FakeCluster {
  const cluster = new FakeCluster({ look: LOOK, ...runs });
  const { registry: config } = networkConfig({ registry: { backup: { to: { volume: {} } } } });
  const source = {
    database: 'registry',
    config,
    hosts: ['registry-0.x:27017'],
    clientLabels: { client: 'true' },
    imagePullSecrets: ['pull'],
  };
  const template = backupPod(source, { kind: 'backup', keep: 7 }, 'registry-backup') as unknown as JsonMap;
  const labels = { app: 'registry-backup' };
  cluster.put(CRON_JOBS, {
    metadata: { name: 'registry-backup', uid: 'of-the-cron-job' },
    spec: { jobTemplate: { metadata: { labels }, spec: { template } } },
  });
  for (const [name, isClient] of [
    ['blocks-db', true],
    ['other', false],
  ] as const) {
    const client = isClient ? { client: 'true' } : {};
    cluster.put(DEPLOYMENTS, { metadata: { name }, spec: { replicas: 2, template: { metadata: { labels: client } } } });
  }
  return cluster;
}

/** Restores with an answer to its question. */
async function restored(cluster: FakeCluster, { backup = 'newest', yes = true } = {}) {
  const said: string[] = [];
  const wish = { section: 'registry' as const, backup, confirm: () => Promise.resolve(yes) };
  const code = await cluster.use((api, config) => restore(api, config, wish, (line) => said.push(line)));
  return { code, said: said.join('\n') };
}

const deployment = (cluster: FakeCluster, name: string) => cluster.objects.get(`${DEPLOYMENTS}/${name}`);

describe('restore', () => {
  test('says what it replaces, and changes nothing without a yes', async () => {
    const cluster = clusterWith({});
    const { code, said } = await restored(cluster, { yes: false });
    expect(code).toBe(1);
    expect(said).toContain('Restore of registry in stack test (context here)');
    expect(said).toContain('backup registry-new');
    expect(said).toContain('2.0 KiB compressed, of MongoDB 6.0.20');
    expect(said).toContain('start again: blocks-db (2)');
    expect(said).toMatch(/a\.b +5 +3 {2}is replaced\n/);
    expect(said).toMatch(/a\.new +1 +- {2}stays: the backup has none\n/);
    expect(said).toMatch(/Nothing was changed\.$/);
    expect(
      cluster.changes.filter(
        (change) => !change.includes('backup-look-') && !change.endsWith('/jobs') && !change.endsWith('/configmaps'),
      ),
    ).toEqual([]);
  });

  test('stops the services that use the database, restores, and starts them as they were', async () => {
    const cluster = clusterWith({ restore: RESTORED });
    const { code, said } = await restored(cluster);
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/Restored: 1 collections with 3 documents, as they were backed up\.$/),
    ]);
    expect(cluster.changes.filter((change) => /blocks-db|other|registries\/jobs/.test(change))).toEqual([
      'POST registries/jobs',
      'PATCH deployments/blocks-db replicas=0',
      'POST registries/jobs',
      'PATCH deployments/blocks-db replicas=2',
    ]);
    expect(deployment(cluster, 'blocks-db')).toMatchObject({ metadata: { annotations: {} }, spec: { replicas: 2 } });
  });

  test('leaves services stopped where it failed halfway, and the next one starts them as they were', async () => {
    const cluster = clusterWith({ restore: { log: ['Restoring backup registry-new', 'error: no'], fails: true } });
    const { code, said } = await restored(cluster);
    expect([code, said]).toEqual([1, expect.stringContaining('the services stay stopped')]);
    expect(deployment(cluster, 'blocks-db')).toMatchObject({ spec: { replicas: 0 } });

    const again = clusterWith({ restore: RESTORED });
    const stopped = deployment(cluster, 'blocks-db');
    if (stopped) again.put(DEPLOYMENTS, stopped);
    expect((await restored(again)).code).toBe(0);
    expect(deployment(again, 'blocks-db')).toMatchObject({ spec: { replicas: 2 } });
  });

  test('starts services where it failed before it changed anything', async () => {
    const cluster = clusterWith({ restore: { log: ['error: backup is not what was written'], fails: true } });
    const { code, said } = await restored(cluster);
    expect([code, said]).toEqual([1, expect.stringContaining('failed before it changed anything')]);
    expect(deployment(cluster, 'blocks-db')).toMatchObject({ spec: { replicas: 2 } });
  });

  test('tells what did not come back', async () => {
    const { code, said } = await restored(
      clusterWith({ restore: { log: ['Restoring backup', '::counts {"a.b":2}'] } }),
    );
    expect([code, said]).toEqual([1, expect.stringContaining('≠ a.b: 3 documents were backed up, 2 restored')]);
  });

  test('takes the backup that is named, and names those that there are otherwise', async () => {
    const { said } = await restored(clusterWith({}), { backup: 'registry-old', yes: false });
    expect(said).toContain('backup registry-old');
    await expect(restored(clusterWith({}), { backup: 'registry-none' })).rejects.toThrow(
      'there is no backup registry-none: use newest or one of registry-new, registry-old',
    );
  });

  test('takes another stack’s from the same bucket, and says where they cannot be reached', async () => {
    const s3 = (bucket: string) => ({
      endpoint: 'https://s3.example.org',
      bucket,
      accessKeyId: 'id',
      secretAccessKey: 'x',
    });
    const inBucket = (bucket: string, stack: string) => ({
      ...networkConfig({ registry: { backup: { to: { s3: { ...s3(bucket), prefix: stack } } } } }, ['registry']),
      stack,
    });
    const from = async (own: NetworkConfig, other: NetworkConfig) => {
      const cluster = clusterWith({ look: { log: [NEW, '::counts {}'] } });
      const wish = {
        section: 'registry' as const,
        backup: 'newest',
        from: other,
        confirm: () => Promise.resolve(false),
      };
      await cluster.use((api, { cluster: access }) => restore(api, { ...own, cluster: access }, wish, () => undefined));
      return cluster.created;
    };
    const [job] = await from(inBucket('b-1', 'dev'), inBucket('b-1', 'prod'));
    const { spec } = (job?.spec as { template: { spec: unknown } }).template as {
      spec: { initContainers: { env: unknown[] }[] };
    };
    expect(spec.initContainers[0]?.env).toContainEqual({ name: 'PLACE', value: 'b-1/prod' });
    await expect(from(inBucket('b-1', 'dev'), inBucket('b-2', 'prod'))).rejects.toThrow(
      'the backups of stack prod cannot be reached from stack dev',
    );
    await expect(
      from(networkConfig({ registry: { backup: { to: { volume: {} } } } }), inBucket('b-1', 'prod')),
    ).rejects.toThrow('of both has to name one bucket');
  });

  test.each([
    ['a database that does not answer', { look: { log: [NEW] } }, 'does not answer'],
    ['a look that failed', { look: { log: ['error: no'], fails: true } }, 'could not be looked at'],
    ['no backup at all', { look: { log: ['::counts {}'] } }, 'there is no backup yet'],
  ])('refuses %s', async (_, runs, message) => {
    await expect(restored(clusterWith(runs))).rejects.toThrow(message);
  });

  test('refuses while a backup is made, and where nothing is installed', async () => {
    const cluster = clusterWith({});
    cluster.put(JOBS, {
      metadata: { name: 'registry-backup-1', labels: { app: 'registry-backup' } },
      status: { active: 1 },
    });
    await expect(restored(cluster)).rejects.toThrow('Job registries/registry-backup-1 is at work (backup)');
    await expect(restored(new FakeCluster({}))).rejects.toThrow(
      'no CronJob registries/registry-backup: run make up STACK=test',
    );
  });
});

test('a Job of ours runs this checkout’s scripts with what the CronJob has, and is gone once it is done', async () => {
  const cluster = clusterWith({ restore: { ...RESTORED, fails: true } });
  await restored(cluster);
  const left = [...cluster.objects.keys()].filter((path) => path.startsWith(JOBS));
  expect(left).toEqual([expect.stringMatching(/registry-backup-restore-\w{6}$/)]);
  const job = cluster.objects.get(left[0] ?? '');
  const { name, uid } = job?.metadata as { name: string; uid: string };
  expect(job).toMatchObject({
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          imagePullSecrets: [{ name: 'pull' }],
          containers: [{ command: ['bash', '/etc/backup/scripts/restore.sh'] }],
        },
      },
    },
  });
  const scripts = cluster.objects.get(`/api/v1/namespaces/registries/configmaps/${name}`);
  expect(scripts).toMatchObject({ metadata: { ownerReferences: [{ uid }] } });
  expect(Object.keys(scripts?.data ?? {})).toEqual(expect.arrayContaining(['common.sh', 'restore.sh', 'tasks.js']));
});

async function saidBy(cluster: FakeCluster, work: 'backup' | 'rehearse') {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const code = await cluster.use((api, config) =>
    work === 'backup'
      ? backupNow(api, config, 'registry', say)
      : rehearse(api, config, { section: 'registry', backup: 'newest' }, say),
  );
  return [code, said.at(-1)];
}

test.each([
  [
    'all of it',
    ['::counts {"a.b":3,"admin.system.version":1}'],
    0,
    'The backup can be restored: 1 collections with 3 documents came back.',
  ],
  ['not all', ['::counts {"a.b":2}'], 1, 'What came back is not proved to be what was backed up.'],
  ['nothing that was counted', [], 1, 'The backup could not be restored.'],
])('a rehearsal says whether %s came back', async (_, log, code, line) => {
  expect(await saidBy(clusterWith({ rehearse: { log } }), 'rehearse')).toEqual([code, line]);
});

test('a backup of now is a Job of the CronJob, and ends with what was made', async () => {
  const cluster = clusterWith({ backup: { log: [NEW] } });
  expect(await saidBy(cluster, 'backup')).toEqual([0, expect.stringMatching(/^Made backup registry-new, /)]);
  const [job] = [...cluster.objects].filter(([path]) => path.startsWith(JOBS)).map(([, object]) => object);
  expect(job).toMatchObject({
    metadata: {
      ownerReferences: [{ kind: 'CronJob', uid: 'of-the-cron-job' }],
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    },
    spec: { template: { spec: { containers: [{ command: ['bash', '/etc/backup/scripts/backup.sh'] }] } } },
  });
  const failed = clusterWith({ backup: { log: ['error: full'], fails: true } });
  expect(await saidBy(failed, 'backup')).toEqual([1, 'No backup was made; the older ones are as they were.']);
});
