/**
 * The metrics that alerts and the dashboard read, by their names, and what exposes them.
 *
 * mongodb_exporter 0.53.0 makes its names of what MongoDB's commands answer: exporter/metrics.go (`prefixes`,
 * `nodeToPDMetrics`); those of `mongodb_mongod_` are of its --compatible-mode, exporter/v1_compatibility.go. redis_exporter
 * 1.88.0 has a table of what INFO answers, exporter/exporter.go. The others are of whoever watches the cluster: its kubelets,
 * kube-state-metrics (docs/metrics/workload) and Prometheus itself.
 */
export const METRICS = {
  up: 'Prometheus: whether the exporter answered',
  mongodb_up: 'mongodb_exporter, general_collector.go: whether the member answered',
  mongodb_myState: 'mongodb_exporter --collector.replicasetstatus: the state of the member that is asked',
  mongodb_members_state:
    'mongodb_exporter --collector.replicasetstatus: of each member, as the one that is asked sees it',
  mongodb_mongod_replset_member_replication_lag: 'mongodb_exporter, v1_compatibility.go, replSetMetrics: seconds',
  mongodb_mongod_replset_oplog_head_timestamp: 'mongodb_exporter, v1_compatibility.go, oplogStatus: seconds',
  mongodb_mongod_replset_oplog_tail_timestamp: 'mongodb_exporter, v1_compatibility.go, oplogStatus: seconds',
  mongodb_dbstats_fsUsedSize: 'mongodb_exporter --collector.dbstats: bytes of the file system that the data is on',
  mongodb_dbstats_fsTotalSize: 'mongodb_exporter --collector.dbstats: bytes of the same',
  mongodb_ss_connections: 'mongodb_exporter --collector.diagnosticdata: by conn_type',
  mongodb_ss_opcounters: 'mongodb_exporter --collector.diagnosticdata: by legacy_op_type',
  redis_up: 'redis_exporter: whether redis answered',
  redis_memory_used_bytes: 'redis_exporter: INFO, used_memory',
  redis_memory_max_bytes: 'redis_exporter: INFO, maxmemory; 0 where there is none',
  redis_connected_clients: 'redis_exporter: INFO, connected_clients',
  kubelet_volume_stats_used_bytes: 'kubelet: by namespace and persistentvolumeclaim; none of hostPath volumes',
  kubelet_volume_stats_capacity_bytes: 'kubelet: the same',
  kube_pod_container_status_restarts_total: 'kube-state-metrics: by namespace, pod and container',
  kube_cronjob_status_last_successful_time:
    'kube-state-metrics: by namespace and cronjob; none before the first success',
  kube_cronjob_created: 'kube-state-metrics: by namespace and cronjob',
} as const satisfies Record<string, string>;

/** Name of a metric that is known to be there. */
type MetricName = keyof typeof METRICS;

/** The values that a label may have: one, or what matches a pattern. */
type LabelValue = string | RegExp;

/** The series of a metric with these labels, in PromQL. */
export function series(name: MetricName, labels: Readonly<Record<string, LabelValue>>): string {
  const matchers = Object.entries(labels).map(([label, value]) =>
    typeof value === 'string' ? `${label}=${JSON.stringify(value)}` : `${label}=~${JSON.stringify(value.source)}`,
  );
  return `${name}{${matchers.join(',')}}`;
}
