import type { MonitoringConfig } from '../config';
import { type AlertRule, alertRule } from './alert';
import { series } from './metrics';
import { ofExporter, type RedisTarget } from './targets';

/** What is told of the redis that clusters write their metrics to. */
export function redisAlerts(target: RedisTarget, thresholds: MonitoringConfig['thresholds']): AlertRule[] {
  const { name, namespace, memoryLimit } = target;
  const labels = ofExporter(target);
  const used = series('redis_memory_used_bytes', labels);
  const share = thresholds.diskPercent / 100;
  // A redis without a bound of its own is killed at its container's.
  const bound = `${used} / (${series('redis_memory_max_bytes', labels)} > 0) > ${share}`;
  return [
    alertRule(
      'RedisDown',
      { severity: 'critical', expr: `absent(${series('redis_up', labels)} == 1)`, wait: '5m' },
      `${name} does not answer, or its exporter is not scraped: metrics of clusters are lost`,
      `kubectl -n ${namespace} get pods -l app=${name}`,
    ),
    alertRule(
      'RedisMemoryHigh',
      { severity: 'warning', expr: `${bound} or ${used} > ${Math.floor(memoryLimit * share)}`, wait: '10m' },
      `${name} nears the end of its memory`,
      `What clusters write is not read as fast: look at the consumers (global-block-metrics and the others), or raise services.overrides.${name}.resources.limits.memory.`,
    ),
  ];
}
