import { databasesDashboard } from '../../../../infra/monitoring/dashboard';
import { redisTarget } from '../../../../infra/monitoring/targets';
import { faultsOf, metricsIn } from './promql';
import { monitored, targetOf } from './targets';

const backup = { to: { volume: {} } };

function dashboard(sections: Record<string, unknown> = {}, withRedis = true) {
  const config = monitored({}, sections);
  const databases = (['registry', 'metrics'] as const).map((section) => targetOf(config, section));
  const redis = withRedis ? redisTarget(config.services['metrics-redis']) : undefined;
  return databasesDashboard(databases, redis, config.monitoring.thresholds);
}

const { panels, templating } = dashboard({ registry: { backup } });

test.each(panels.map((panel) => [panel.title, panel] as const))('panel %s asks what there is', (_, panel) => {
  const expressions = panel.targets.map(({ expr }) => expr);
  expect(expressions.flatMap(faultsOf)).toEqual([]);
  expect(expressions.flatMap(metricsIn)).not.toEqual([]);
  expect(panel.datasource.uid).toBe(`\${${templating.list[0]?.name ?? ''}}`);
});

test('panels lie beside and below each other, each with an id of its own', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
});

test('what the stack has not is not shown', () => {
  const titles = dashboard({}, false).panels.map(({ title }) => title);
  expect(titles).not.toContain('Age of the newest backup');
  expect(titles.filter((title) => title.startsWith('Memory of'))).toEqual([]);
  expect(panels.map(({ title }) => title)).toEqual([...titles, 'Memory of metrics-redis', 'Age of the newest backup']);
});

test('volumes and directories are shown together', () => {
  const nodes = ['a', 'b', 'c'];
  const { panels: mixed } = dashboard({ registry: { storage: { localPath: '/mnt/data/registry' }, nodes } });
  const disks = mixed.find(({ title }) => title === 'Disks');
  expect(disks?.targets.map(({ expr }) => metricsIn(expr)).flat()).toEqual([
    ...['mongodb_dbstats_fsUsedSize', 'mongodb_dbstats_fsTotalSize'],
    ...['kubelet_volume_stats_used_bytes', 'kubelet_volume_stats_capacity_bytes'],
  ]);
});
