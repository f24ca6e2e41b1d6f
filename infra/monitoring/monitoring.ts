import { ConfigMap } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import type { MonitoringConfig } from '../config';
import { objectMeta } from '../workload/metadata';
import type { AlertRule } from './alert';
import { databasesDashboard } from './dashboard';
import { databaseAlerts } from './database-alerts';
import { Exporter } from './exporter';
import { type Authority, mongodbExporter, type Reader, redisExporter } from './programs';
import { prometheusRule } from './prometheus-operator';
import { redisAlerts } from './redis-alerts';
import { type DatabaseTarget, exporterName, type RedisTarget } from './targets';

const DASHBOARD = 'databases-dashboard';

/** A database, and what its exporter is made from. */
export interface MonitoredDatabase extends DatabaseTarget {
  /** `host:port` of every member. */
  hosts: readonly string[];
  reader: Reader;
  /** Absent: whoever connects does so in plain text. */
  authority?: Authority | undefined;
  /** Labels of the pods that may connect. */
  clientLabels: Readonly<Record<string, string>>;
  imagePullSecrets: readonly string[];
}

/** Arguments of {@link Monitoring}. */
export interface MonitoringArgs {
  config: MonitoringConfig;
  databases: readonly MonitoredDatabase[];
  /** Absent: the stack has none. */
  redis?: (RedisTarget & { imagePullSecrets: readonly string[] }) | undefined;
  /** Namespace of the dashboard. */
  namespace: string;
}

/**
 * Measures the databases and redis for a Prometheus that is there already: exporters, alerts and a dashboard.
 *
 * All of it can go at any time: nothing else of the network depends on it.
 */
export class Monitoring extends pulumi.ComponentResource {
  private readonly config: MonitoringConfig;

  constructor(name: string, args: MonitoringArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Monitoring', name, {}, options);
    const { config, databases, redis, namespace } = args;
    this.config = config;
    for (const database of databases) this.database(database);
    if (redis !== undefined) this.redis(redis);
    if (config.dashboard) {
      const dashboard = databasesDashboard(databases, redis, config.thresholds);
      const metadata = objectMeta(DASHBOARD, { namespace, labels: { grafana_dashboard: '1' } });
      const data = { [`${DASHBOARD}.json`]: JSON.stringify(dashboard, undefined, 2) };
      new ConfigMap(DASHBOARD, { metadata, data }, { parent: this });
    }
    this.registerOutputs({});
  }

  private database(database: MonitoredDatabase): void {
    const { namespace, hosts, reader, authority, clientLabels: podLabels, imagePullSecrets } = database;
    const program = mongodbExporter(this.config.exporters.mongodb, hosts, reader, authority);
    const name = exporterName(database);
    const args = { namespace, program, config: this.config, podLabels, imagePullSecrets };
    new Exporter(name, args, { parent: this });
    this.alerts(database, databaseAlerts(database, this.config.thresholds));
  }

  private redis(redis: NonNullable<MonitoringArgs['redis']>): void {
    const { namespace, url, imagePullSecrets } = redis;
    const program = redisExporter(this.config.exporters.redis, url);
    new Exporter(exporterName(redis), { namespace, program, config: this.config, imagePullSecrets }, { parent: this });
    this.alerts(redis, redisAlerts(redis, this.config.thresholds));
  }

  private alerts({ name, namespace }: { name: string; namespace: string }, rules: readonly AlertRule[]): void {
    const { prometheusOperator, selectorLabels: labels } = this.config;
    if (prometheusOperator && rules.length > 0) prometheusRule(name, { namespace, labels, rules }, { parent: this });
  }
}
