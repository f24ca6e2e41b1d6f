import type { MonitoringConfig } from '../config';
import { backupNames } from '../database/backup/names';
import { claimsOf } from './database-alerts';
import { type Dashboard, dashboardOf, type PanelDefinition } from './dashboard-model';
import { series } from './metrics';
import { type DatabaseTarget, exporterName, ofExporter, type RedisTarget } from './targets';

type Thresholds = MonitoringConfig['thresholds'];

/** States of members, as MongoDB numbers them. */
const STATES = {
  '0': { text: 'STARTUP', color: 'orange' },
  '1': { text: 'PRIMARY', color: 'blue' },
  '2': { text: 'SECONDARY', color: 'green' },
  '3': { text: 'RECOVERING', color: 'orange' },
  '5': { text: 'STARTUP2', color: 'orange' },
  '6': { text: 'UNKNOWN', color: 'red' },
  '8': { text: 'DOWN', color: 'red' },
  '9': { text: 'ROLLBACK', color: 'orange' },
  '10': { text: 'REMOVED', color: 'text' },
};

/** The databases and redis on one page: what the alerts watch, and how much there is to do. */
export function databasesDashboard(
  databases: readonly DatabaseTarget[],
  redis: RedisTarget | undefined,
  thresholds: Thresholds,
): Dashboard {
  const job = new RegExp(databases.map(exporterName).join('|'));
  const namespace = new RegExp(databases.map((database) => database.namespace).join('|'));
  const panels = [
    ...memberPanels({ job, namespace }, thresholds),
    ...loadPanels({ job, namespace }),
    diskPanel(databases, thresholds),
    ...(redis === undefined ? [] : [redisPanel(redis)]),
    ...backupPanels(databases),
  ];
  return dashboardOf('aios-network-databases', 'AIOS network: databases', panels);
}

type Labels = Record<'job' | 'namespace', RegExp>;

function memberPanels(labels: Labels, { lagSeconds, oplogHours }: Thresholds): PanelDefinition[] {
  const lag = series('mongodb_mongod_replset_member_replication_lag', { ...labels, state: 'SECONDARY' });
  const [head, tail] = (['head', 'tail'] as const).map((end) =>
    series(`mongodb_mongod_replset_oplog_${end}_timestamp`, labels),
  ) as [string, string];
  return [
    {
      title: 'States of members',
      description: 'As the other members see each: one PRIMARY, all others SECONDARY.',
      type: 'state-timeline',
      mappings: STATES,
      queries: { '{{member_idx}}': `max by (member_idx) (${series('mongodb_members_state', labels)})` },
    },
    {
      title: 'Members that answer',
      description: 'Of each database.',
      queries: { '{{job}}': `sum by (job) (${series('mongodb_up', labels)})` },
    },
    {
      title: 'Replication lag',
      description: 'How far members are behind the primary.',
      unit: 's',
      limit: lagSeconds,
      queries: { '{{name}}': `max by (name) (${lag})` },
    },
    {
      title: 'Oplog window',
      description: 'How long a member may be away and still catch up. It is short while a set is young.',
      unit: 's',
      limit: oplogHours * 3600,
      isFloor: true,
      queries: { '{{instance}}': `${head} - ${tail}` },
    },
  ];
}

function loadPanels(labels: Labels): PanelDefinition[] {
  const connections = series('mongodb_ss_connections', { ...labels, conn_type: 'current' });
  const operations = series('mongodb_ss_opcounters', labels);
  return [
    {
      title: 'Connections',
      description: 'Open at each member.',
      queries: { '{{instance}}': `max by (instance) (${connections})` },
    },
    {
      title: 'Operations',
      description: 'A second, by kind, of all members of a database.',
      unit: 'ops',
      queries: { '{{job}} {{legacy_op_type}}': `sum by (job, legacy_op_type) (rate(${operations}[5m]))` },
    },
  ];
}

/** Of volumes as kubelets measure them, of directories as mongod does. */
function diskPanel(databases: readonly DatabaseTarget[], { diskPercent }: Thresholds): PanelDefinition {
  const queries = databases.map((database): [string, string] => {
    const labels = ofExporter(database);
    if ('directories' in database.config.storage) {
      const used = series('mongodb_dbstats_fsUsedSize', labels);
      return ['{{instance}}', `max by (instance) (${used} / ${series('mongodb_dbstats_fsTotalSize', labels)})`];
    }
    const claims = { namespace: database.namespace, persistentvolumeclaim: claimsOf(database) };
    const used = series('kubelet_volume_stats_used_bytes', claims);
    const capacity = series('kubelet_volume_stats_capacity_bytes', claims);
    return [`${database.name} {{persistentvolumeclaim}}`, `${used} / ${capacity}`];
  });
  return {
    title: 'Disks',
    description: 'How full each is.',
    unit: 'percentunit',
    limit: diskPercent / 100,
    queries: merged(queries),
  };
}

/** Queries under one legend become one. */
function merged(queries: readonly [string, string][]): Record<string, string> {
  const byLegend = new Map<string, string>();
  for (const [legend, expr] of queries) {
    const before = byLegend.get(legend);
    byLegend.set(legend, before === undefined ? expr : `${before} or ${expr}`);
  }
  return Object.fromEntries(byLegend);
}

function redisPanel(redis: RedisTarget): PanelDefinition {
  const labels = ofExporter(redis);
  return {
    title: `Memory of ${redis.name}`,
    description: 'What clusters have queued and nobody has read yet.',
    unit: 'bytes',
    limit: redis.memoryLimit,
    queries: {
      used: series('redis_memory_used_bytes', labels),
      bound: `${series('redis_memory_max_bytes', labels)} > 0`,
    },
  };
}

function backupPanels(databases: readonly DatabaseTarget[]): PanelDefinition[] {
  const backedUp = databases.filter(({ config }) => config.backup !== undefined);
  if (backedUp.length === 0) return [];
  const queries = backedUp.map(({ name, namespace }): [string, string] => {
    const labels = { namespace, cronjob: backupNames(name).job };
    return [name, `time() - ${series('kube_cronjob_status_last_successful_time', labels)}`];
  });
  return [
    {
      title: 'Age of the newest backup',
      description: 'Since its run ended well.',
      unit: 's',
      queries: Object.fromEntries(queries),
    },
  ];
}
