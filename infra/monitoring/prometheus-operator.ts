import { CustomResource } from '@pulumi/kubernetes/apiextensions';
import type * as pulumi from '@pulumi/pulumi';
import { objectMeta, selectorLabels } from '../workload/metadata';
import type { AlertRule } from './alert';

/** The group of the Prometheus Operator's kinds. A preview cannot tell whether they will be there; doctor says that they are not. */
const API_VERSION = 'monitoring.coreos.com/v1';

/** How often exporters are asked, and how long an answer may take: one of MongoDB asks every member in turn. */
const INTERVAL = '30s';
const SCRAPE_TIMEOUT = '25s';

/** What a ServiceMonitor says of the Service of its name. */
interface Scraped {
  namespace: string;
  /** Name of the Service's port. */
  port: string;
  path: string;
  /** By which the Prometheus selects the object. */
  labels: Readonly<Record<string, string>>;
}

/** Has the Service of the same name scraped. */
export function serviceMonitor(
  name: string,
  { namespace, port, path, labels }: Scraped,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  // An exporter says itself which member it asked: the label `instance` of the target must not take its place.
  const endpoint = { port, path, interval: INTERVAL, scrapeTimeout: SCRAPE_TIMEOUT, honorLabels: true };
  return new CustomResource(
    `${name}-service-monitor`,
    {
      apiVersion: API_VERSION,
      kind: 'ServiceMonitor',
      metadata: objectMeta(name, { namespace, labels: { ...labels } }),
      spec: { selector: { matchLabels: selectorLabels(name) }, endpoints: [endpoint] },
    },
    options,
  );
}

/** Has Prometheus raise alerts. */
export function prometheusRule(
  name: string,
  { namespace, labels, rules }: Pick<Scraped, 'namespace' | 'labels'> & { rules: readonly AlertRule[] },
  options: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    `${name}-rules`,
    {
      apiVersion: API_VERSION,
      kind: 'PrometheusRule',
      metadata: objectMeta(name, { namespace, labels: { ...labels } }),
      spec: { groups: [{ name: `aios-network-${name}`, rules }] },
    },
    options,
  );
}
