import type { MonitoringConfig } from '../config';
import { longestGap, parseCron } from '../config/cron';
import { backupNames } from '../database/backup/names';
import { type AlertRule, alertRule } from './alert';
import { series } from './metrics';
import { type DatabaseTarget, exporterName, ofExporter } from './targets';

type Thresholds = MonitoringConfig['thresholds'];

/** What is told of a database before it hurts; of one that is stopped, nothing. */
export function databaseAlerts(target: DatabaseTarget, thresholds: Thresholds): AlertRule[] {
  if (target.config.stopped === true) return [];
  return [
    ...membersAlerts(target),
    replicationLag(target, thresholds),
    oplogWindow(target, thresholds),
    diskFull(target, thresholds),
    upkeepRestarts(target),
    ...backupAlerts(target, thresholds),
  ];
}

/** How long a member may be down at an update or a drain, until somebody has to look. */
const MEMBER_WAIT = '15m';

function membersAlerts(target: DatabaseTarget): AlertRule[] {
  const { name: database, namespace } = target;
  const labels = ofExporter(target);
  const state = series('mongodb_myState', labels);
  const up = series('mongodb_up', labels);
  return [
    alertRule(
      'MongoDBExporterDown',
      { severity: 'warning', database, expr: `absent(${series('up', labels)} == 1)`, wait: '15m' },
      `Nothing is known of ${database}: its exporter is not scraped`,
      `kubectl -n ${namespace} get pods -l app=${exporterName(target)}; whether the Prometheus may reach them: monitoring.scraper.`,
    ),
    alertRule(
      'MongoDBNoPrimary',
      // Without a primary its exporter still asks each member by itself; where no member answers, there is none either.
      { severity: 'critical', database, expr: `count(${up}) unless count(${state} == 1)`, wait: '2m' },
      `${database} has no primary: nothing can be written`,
      `A majority of its members must be up. kubectl -n ${namespace} get pods -l app=${database}; docs/operations.md, "A majority is lost".`,
    ),
    alertRule(
      'MongoDBMemberUnavailable',
      {
        severity: 'warning',
        database,
        // PRIMARY is 1, SECONDARY 2. What is in no set has no state at all.
        expr: [
          `max by (instance) (${up} == 0)`,
          `max by (instance) (${state} < 1 or ${state} > 2)`,
          `max by (instance) (${up} == 1) unless on (instance) ${state}`,
        ].join(' or '),
        wait: MEMBER_WAIT,
      },
      `A member of ${database} is neither PRIMARY nor SECONDARY: {{ $labels.instance }}`,
      `The set bears fewer failures. Why it is not: kubectl -n ${namespace} describe pod, under Events.`,
    ),
  ];
}

function replicationLag(target: DatabaseTarget, { lagSeconds }: Thresholds): AlertRule {
  const { name: database } = target;
  const lag = series('mongodb_mongod_replset_member_replication_lag', { ...ofExporter(target), state: 'SECONDARY' });
  return alertRule(
    'MongoDBReplicationLag',
    { severity: 'warning', database, expr: `max by (name) (${lag}) > ${lagSeconds}`, wait: '10m' },
    `A member of ${database} is {{ $value }} s behind: {{ $labels.name }}`,
    'Writes that wait for a majority wait for it, and it reads old data. Disks and CPU of its node; docs/operations.md.',
  );
}

/** An oplog that never lost its oldest entry is as short as the set is young. */
function oplogWindow(target: DatabaseTarget, { oplogHours }: Thresholds): AlertRule {
  const { name: database } = target;
  const labels = ofExporter(target);
  const [head, tail] = (['head', 'tail'] as const).map((end) =>
    series(`mongodb_mongod_replset_oplog_${end}_timestamp`, labels),
  ) as [string, string];
  const expr = `${head} - ${tail} < ${oplogHours * 3600} and changes(${tail}[6h]) > 0`;
  return alertRule(
    'MongoDBOplogWindow',
    { severity: 'warning', database, expr, wait: '30m' },
    `A member of ${database} that is away for {{ $value | humanizeDuration }} can no longer catch up`,
    `{{ $labels.instance }} keeps no more of the changes. Raise the size of the oplog: replSetResizeOplog on every member.`,
  );
}

function diskFull(target: DatabaseTarget, thresholds: Thresholds): AlertRule {
  const { name: database, namespace, config } = target;
  const fix = `Raise the size of the section in the stack's file; a node's own disk has to be made larger there.`;
  if (!('directories' in config.storage)) {
    const { alert, expr } = volumeFull({ namespace, persistentvolumeclaim: claimsOf(target) }, thresholds);
    const summary = `{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full`;
    return alertRule(alert, { severity: 'warning', database, expr, wait: '15m' }, summary, fix);
  }
  // Kubelets measure no hostPath; mongod tells of the file system that its data is on.
  const [used, total] = (['Used', 'Total'] as const).map((what) =>
    series(`mongodb_dbstats_fs${what}Size`, ofExporter(target)),
  ) as [string, string];
  const expr = `max by (instance) (${used} / ${total}) > ${thresholds.diskPercent / 100}`;
  const summary = `The disk of {{ $labels.instance }} is {{ $value | humanizePercentage }} full`;
  return alertRule('DatabaseDiskFull', { severity: 'warning', database, expr, wait: '15m' }, summary, fix);
}

/** The claims of a database's members. */
export function claimsOf({ name }: DatabaseTarget): RegExp {
  return new RegExp(`data-${name}-[0-9]+`);
}

function volumeFull(labels: Parameters<typeof series>[1], { diskPercent }: Thresholds) {
  const [used, capacity] = (['used', 'capacity'] as const).map((what) =>
    series(`kubelet_volume_stats_${what}_bytes`, labels),
  ) as [string, string];
  return { alert: 'DatabaseDiskFull', expr: `${used} / ${capacity} > ${diskPercent / 100}` };
}

function upkeepRestarts({ name: database, namespace }: DatabaseTarget): AlertRule {
  const pod = new RegExp(`${database}-[0-9]+`);
  const restarts = series('kube_pod_container_status_restarts_total', { namespace, pod, container: 'members' });
  return alertRule(
    'DatabaseUpkeepRestarts',
    { severity: 'warning', database, expr: `increase(${restarts}[1h]) > 3`, wait: '5m' },
    `The container members of {{ $labels.pod }} is restarted again and again`,
    `Nobody looks after that member: kubectl -n ${namespace} logs {{ $labels.pod }} -c members --previous.`,
  );
}

function backupAlerts(target: DatabaseTarget, thresholds: Thresholds): AlertRule[] {
  const { name: database, namespace, config } = target;
  const { backup } = config;
  const schedule = backup && parseCron(backup.schedule);
  if (backup === undefined || schedule === undefined || typeof schedule === 'string') return [];
  const { job, claim } = backupNames(database);
  const labels = { namespace, cronjob: job };
  const since = `(${series('kube_cronjob_status_last_successful_time', labels)} or ${series('kube_cronjob_created', labels)})`;
  const tooOld = alertRule(
    'DatabaseBackupTooOld',
    // One run may fail, or be going on: two that bring none are too many.
    { severity: 'critical', database, expr: `time() - ${since} > ${2 * longestGap(schedule)}`, wait: '1h' },
    `No backup of ${database} for {{ $value | humanizeDuration }}`,
    `Two runs have brought none: kubectl -n ${namespace} get jobs -l app=${job}; docs/backup.md.`,
  );
  if (!('volume' in backup.to)) return [tooOld];
  const { alert, expr } = volumeFull({ namespace, persistentvolumeclaim: claim }, thresholds);
  const full = alertRule(
    alert,
    { severity: 'warning', database, expr, wait: '15m' },
    `The backups' volume of ${database} is {{ $value | humanizePercentage }} full`,
    'Raise backup.to.volume.size, or keep fewer backups (backup.keep).',
  );
  return [tooOld, full];
}
