import type { AlertRule } from '../../../../infra/monitoring/alert';
import { databaseAlerts } from '../../../../infra/monitoring/database-alerts';
import { redisAlerts } from '../../../../infra/monitoring/redis-alerts';
import { redisTarget } from '../../../../infra/monitoring/targets';
import { faultsOf } from './promql';
import { monitored, targetOf } from './targets';

const backup = { schedule: '0 2 * * *', to: { volume: {} } };
const directories = { storage: { localPath: '/mnt/data/registry' }, nodes: ['a', 'b', 'c'] };

function alerts(registry: Record<string, unknown> = {}, monitoring: Record<string, unknown> = {}): AlertRule[] {
  const config = monitored(monitoring, { registry });
  return databaseAlerts(targetOf(config, 'registry'), config.monitoring.thresholds);
}

function expressionOf(name: string, rules: readonly AlertRule[]): string {
  const found = rules.find(({ alert }) => alert === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found.expr;
}

function redisRules(monitoring: Record<string, unknown> = {}): AlertRule[] {
  const config = monitored(monitoring);
  const redis = redisTarget(config.services['metrics-redis']);
  if (redis === undefined) throw new Error('no redis');
  return redisAlerts(redis, config.monitoring.thresholds);
}

describe.each([
  ['a database with volumes and backups', alerts({ backup })],
  ['a database in directories', alerts(directories)],
  ['redis', redisRules()],
])('of %s', (_, rules) => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s is PromQL over metrics that there are',
    (__, rule) => {
      expect(faultsOf(rule.expr)).toEqual([]);
      expect(rule.for).toMatch(/^\d+[mh]$/);
      expect(rule.annotations.summary).not.toBe('');
    },
  );
});

test('the test itself would see what is no PromQL, or of nobody', () => {
  expect(faultsOf('max by (a) (up{a="b"} > )')).not.toEqual([]);
  expect(faultsOf('mongodb_members_sate{a="b"} == 1')).toEqual(['nobody exposes mongodb_members_sate']);
});

test('every alert of the brief is there once, and those of backups only where there are any', () => {
  const plain = [
    ...['MongoDBExporterDown', 'MongoDBNoPrimary', 'MongoDBMemberUnavailable', 'MongoDBReplicationLag'],
    ...['MongoDBOplogWindow', 'DatabaseDiskFull', 'DatabaseUpkeepRestarts'],
  ];
  expect(alerts().map(({ alert }) => alert)).toEqual(plain);
  expect(alerts({ backup }).map(({ alert }) => alert)).toEqual([...plain, 'DatabaseBackupTooOld', 'DatabaseDiskFull']);
});

test('what is stopped on purpose is told of nobody', () => {
  expect(alerts({ stopped: true, backup })).toEqual([]);
});

test('of a set without a primary, and of one of which no member answers, the exporter still tells', () => {
  const labels = '{namespace="registries",job="registry-exporter"}';
  expect(expressionOf('MongoDBNoPrimary', alerts())).toBe(
    `count(mongodb_up${labels}) unless count(mongodb_myState${labels} == 1)`,
  );
});

test.each([
  ['0 2 * * *', 2 * 24],
  ['0 3 * * 0', 2 * 7 * 24],
  ['0 */6 * * *', 2 * 6],
  ['30 8,20 * * *', 2 * 12],
  ['0 8,23 * * *', 2 * 15],
  ['*/10 9-17 * * *', 2 * 15 + 1 / 3],
  ['0 0 1 * *', 2 * 31 * 24],
])('a backup of schedule %s is too old after two of its longest pauses', (schedule, hours) => {
  const expr = expressionOf('DatabaseBackupTooOld', alerts({ backup: { ...backup, schedule } }));
  expect(Number(/> (\d+)$/.exec(expr)?.[1]) / 3600).toBeCloseTo(hours, 5);
});

test("disks are measured by kubelets where they are volumes, by mongod where they are the nodes' own", () => {
  expect(expressionOf('DatabaseDiskFull', alerts())).toBe(
    'kubelet_volume_stats_used_bytes{namespace="registries",persistentvolumeclaim=~"data-registry-[0-9]+"} / ' +
      'kubelet_volume_stats_capacity_bytes{namespace="registries",persistentvolumeclaim=~"data-registry-[0-9]+"} > 0.8',
  );
  expect(expressionOf('DatabaseDiskFull', alerts(directories))).toContain('mongodb_dbstats_fsUsedSize{');
});

test('thresholds are those of the stack', () => {
  const rules = alerts({}, { thresholds: { diskPercent: 65, lagSeconds: 300, oplogHours: 48 } });
  expect(expressionOf('DatabaseDiskFull', rules)).toMatch(/ > 0\.65$/);
  expect(expressionOf('MongoDBReplicationLag', rules)).toMatch(/ > 300$/);
  expect(expressionOf('MongoDBOplogWindow', rules)).toContain(' < 172800 and ');
});

test('redis is held against its own bound and, where it has none, against that of its container', () => {
  const expr = expressionOf('RedisMemoryHigh', redisRules({ thresholds: { diskPercent: 50 } }));
  expect(expr).toMatch(/redis_memory_max_bytes\{[^}]*\} > 0\) > 0\.5 or redis_memory_used_bytes\{[^}]*\} > 536870912$/);
});
