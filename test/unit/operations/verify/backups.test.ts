import type { JsonMap } from '../../../../kubernetes-api';
import { backupFindings } from '../../../../operations/verify/backups';
import { networkConfig } from '../../../network-config';
import { closeServers, TestServer } from '../../kubernetes-api/servers';

afterEach(closeServers);

const NOW = new Date('2026-03-10T12:00:00Z');

async function findings(server: TestServer, sections = { registry: { backup: { to: { volume: {} } } } }) {
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    contexts: [{ name: 'here', context: { cluster: 'c', user: '' } }],
    clusters: [{ name: 'c', cluster: { server: server.url } }],
  });
  return backupFindings({ ...networkConfig(sections), cluster: { context: 'here', kubeconfig } }, NOW);
}

const cronJob = (status: JsonMap, { created = '2026-01-01T00:00:00Z', suspend = false } = {}) => ({
  metadata: { creationTimestamp: created },
  spec: { schedule: '0 2 * * *', suspend },
  status,
});

// At 12:00 the last runs were at 2:00 of this day and of the day before.
test.each([
  ['good', cronJob({ lastSuccessfulTime: '2026-03-10T02:05:00Z' }), 'the newest is 9 hours old'],
  ['good', cronJob({ lastSuccessfulTime: '2026-03-09T02:05:00Z' }), 'the newest is 33 hours old'],
  [
    'bad',
    cronJob({ lastSuccessfulTime: '2026-03-08T02:05:00Z' }),
    'the newest is 2 days old, and two runs have brought none',
  ],
  ['bad', cronJob({}), 'none was ever made, and two runs have brought none'],
  ['unknown', cronJob({}, { created: '2026-03-09T11:00:00Z' }), 'none was made yet'],
  ['unknown', cronJob({}, { suspend: true }), 'suspended'],
] as const)('%s is a backup of which %j', async (state, object, text) => {
  const server = await TestServer.json(object);
  expect(await findings(server)).toEqual([
    { subject: 'backup of registry', state, text: expect.stringContaining(text) as string },
  ]);
  expect(server.asked[0]?.url).toBe('/apis/batch/v1/namespaces/registries/cronjobs/registry-backup');
});

test.each([
  [404, 'bad', 'has no CronJob'],
  [403, 'unknown', 'does not let this user'],
])('an answer %i is told', async (code, state, text) => {
  const server = await TestServer.json({ kind: 'Status', code, message: 'no' }, code);
  expect(await findings(server)).toMatchObject([{ state, text: expect.stringContaining(text) as string }]);
});

test('where no backups are made nothing is asked', async () => {
  const server = await TestServer.json({});
  expect(await findings(server, {} as never)).toEqual([]);
  expect(server.asked).toEqual([]);
});
