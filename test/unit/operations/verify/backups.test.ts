import type { JsonMap } from '../../../../kubernetes-api';
import { withCluster } from '../../../../operations/cluster/connect';
import { backupsCheck, judgeBackup } from '../../../../operations/verify/checks/backups';
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
  const subject = { config: networkConfig(sections), objects: [], patches: [] };
  return withCluster({ context: 'here', kubeconfig }, (cluster) => backupsCheck(subject, cluster));
}

const answering = (code: number) =>
  TestServer.http(({ url }, response) => {
    const isFirst = url === '/version';
    const body = JSON.stringify(isFirst ? {} : { kind: 'Status', code, message: 'cannot get cronjobs' });
    response.writeHead(isFirst ? 200 : code, { 'content-type': 'application/json' }).end(body);
  });

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
] as const)('%s is a backup of which %j', (state, object, text) => {
  expect(judgeBackup(object, NOW)).toEqual({ state, text: expect.stringContaining(text) as string });
});

test.each([
  [404, 'bad', 'has no CronJob'],
  [403, 'unread', 'cannot get cronjobs'],
])('an answer %i is told', async (code, state, text) => {
  const server = await answering(code);
  expect(await findings(server)).toMatchObject([
    { subject: 'backup of registry', state, text: expect.stringContaining(text) as string },
  ]);
  expect(server.asked.at(-1)?.url).toBe('/apis/batch/v1/namespaces/registries/cronjobs/registry-backup');
});

test('where no backups are made nothing is asked', async () => {
  const server = await TestServer.json({});
  expect(await findings(server, {} as never)).toEqual([]);
  expect(server.asked.map(({ url }) => url)).toEqual(['/version']);
});
