import { z } from 'zod';
import { imageReference, objectName } from './scalars';

const labels = z.record(
  z.string().regex(/^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, {
    error: 'must be that of a label: letters, digits, -, _ and ., after a domain and a slash or without',
  }),
  z.string().regex(/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, { error: 'must be the value of a label' }),
);

const thresholds = z.strictObject({
  diskPercent: z
    .int()
    .min(1, { error: 'must be a percentage from 1 to 99' })
    .max(99, { error: 'must be a percentage from 1 to 99' })
    .prefault(80)
    .meta({ examples: [80] })
    .describe('How full a volume, or the memory of redis, may be, in percent.'),
  lagSeconds: z
    .int()
    .min(20, { error: 'must be at least 20: a primary without writes makes its next entry after 10 seconds' })
    .prefault(60)
    .meta({ examples: [60] })
    .describe('How far a member may be behind the primary, in seconds.'),
  oplogHours: z
    .int()
    .min(1, { error: 'must be at least 1' })
    .prefault(24)
    .meta({ examples: [24] })
    .describe('How long a member can be away and still catch up, at least, in hours.'),
});

/** Section `monitoring`: metrics of the databases and of redis, for a Prometheus that is there already. */
export const monitoringSchema = z.strictObject({
  enabled: z
    .boolean()
    .prefault(false)
    .describe("Run exporters of MongoDB's and redis' metrics, each with a user of its own that changes nothing."),
  prometheusOperator: z
    .boolean()
    .prefault(false)
    .describe(
      'Make ServiceMonitor and PrometheusRule objects. The Prometheus Operator, whose kinds they are, has to be there before.',
    ),
  selectorLabels: labels
    .prefault({})
    .meta({ examples: ['{release: kube-prometheus-stack}'] })
    .describe('Labels by which the Prometheus selects those objects.'),
  scraper: z
    .strictObject({
      namespace: objectName.prefault('monitoring').describe('Namespace of the Prometheus.'),
      podLabels: labels
        .prefault({ 'app.kubernetes.io/name': 'prometheus' })
        .describe('Labels of its pods: they alone reach the exporters.'),
    })
    .prefault({}),
  dashboard: z
    .boolean()
    .prefault(true)
    .describe('Make a ConfigMap with a dashboard, labelled grafana_dashboard: "1", in namespace metrics-system.'),
  thresholds: thresholds.prefault({}).describe('When an alert is raised.'),
  mongodbExporterImage: imageReference
    .prefault('percona/mongodb_exporter:0.53.0')
    .meta({ examples: ['percona/mongodb_exporter:0.53.0'] })
    .describe("Image of MongoDB's exporter."),
  redisExporterImage: imageReference
    .prefault('oliver006/redis_exporter:v1.88.0')
    .meta({ examples: ['oliver006/redis_exporter:v1.88.0'] })
    .describe("Image of redis' exporter."),
});

/** Section `monitoring` as the schema leaves it. */
export type MonitoringSection = z.infer<typeof monitoringSchema>;
