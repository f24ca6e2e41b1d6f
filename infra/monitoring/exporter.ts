import type { types } from '@pulumi/kubernetes';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Service, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import * as pulumi from '@pulumi/pulumi';
import type { MonitoringConfig } from '../config';
import { deploymentSpec } from '../workload/deployment';
import { imagePullPolicy } from '../workload/image-pull-policy';
import { objectMeta, selectorLabels } from '../workload/metadata';
import { ingressPolicySpec } from '../workload/network-policy';
import { livenessProbe } from '../workload/probes';
import { confinedAs } from '../workload/security';
import { serviceMonitor } from './prometheus-operator';

/** Name of the port that metrics are scraped from. */
const PORT_NAME = 'metrics';

/** What an exporter runs. */
export interface ExporterProgram {
  image: string;
  /** Numeric user of the image. */
  user: number;
  args: string[];
  env: types.input.core.v1.EnvVar[];
  port: number;
  /** Where its metrics are. */
  path: string;
  /** Answers while the process lives, whether or not what it measures does. */
  healthPath: string;
  /** What it reads beside its environment. */
  mounted?: { volume: types.input.core.v1.Volume; volumeMount: types.input.core.v1.VolumeMount };
}

/** Arguments of {@link Exporter}. */
export interface ExporterArgs {
  namespace: string;
  program: ExporterProgram;
  config: MonitoringConfig;
  /** Labels of the pod beside the common ones, such as the one that lets it connect to the database. */
  podLabels?: Readonly<Record<string, string>>;
  imagePullSecrets: readonly string[];
}

/**
 * Measures one thing for Prometheus: a pod that the scraper alone may reach, its Service and, where the cluster has the
 * Prometheus Operator, the ServiceMonitor that has it scraped.
 *
 * It does not wait for what it measures, and is ready without it: that nothing answers is a measurement too.
 */
export class Exporter extends pulumi.ComponentResource {
  constructor(name: string, args: ExporterArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Exporter', name, {}, options);
    const { namespace, program, config } = args;
    const { port, path } = program;
    const metadata = objectMeta(name, { namespace });
    const child = { parent: this };

    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
    // Ready when the Deployment is: waiting for both would be waiting twice.
    const annotations = { 'pulumi.com/skipAwait': 'true', ...discovery(args) };
    const ports = [{ name: PORT_NAME, port, targetPort: port, protocol: 'TCP' }];
    new Service(
      name,
      {
        metadata: objectMeta(name, { namespace, annotations }),
        spec: { type: 'ClusterIP', selector: selectorLabels(name), ports },
      },
      child,
    );
    new NetworkPolicy(name, { metadata, spec: ingressPolicySpec(name, [port], [scraper(config)]) }, child);
    new Deployment(name, { metadata, spec: deploymentOf(name, args) }, { ...child, dependsOn: account });
    if (config.prometheusOperator) {
      serviceMonitor(name, { namespace, port: PORT_NAME, path, labels: config.selectorLabels }, child);
    }
    this.registerOutputs({});
  }
}

/** What a Prometheus without the operator finds its targets by, where it is set up as its Helm chart does. */
function discovery({ config, program: { port, path } }: ExporterArgs): Record<string, string> {
  if (config.prometheusOperator) return {};
  return { 'prometheus.io/scrape': 'true', 'prometheus.io/port': `${port}`, 'prometheus.io/path': path };
}

function scraper({ scraper: { namespace, podLabels } }: MonitoringConfig): types.input.networking.v1.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: podLabels },
  };
}

function deploymentOf(name: string, args: ExporterArgs): types.input.apps.v1.DeploymentSpec {
  return deploymentSpec({
    name,
    account: name,
    replicas: 1,
    containers: [container(args.program)],
    ...(args.program.mounted && { volumes: [args.program.mounted.volume] }),
    imagePullSecrets: args.imagePullSecrets,
    ...(args.podLabels && { labels: args.podLabels }),
  });
}

function container({
  image,
  user,
  args,
  env,
  port,
  healthPath,
  mounted,
}: ExporterProgram): types.input.core.v1.Container {
  const answers = { httpGet: { path: healthPath, port } };
  return {
    name: 'exporter',
    image,
    imagePullPolicy: imagePullPolicy(image),
    args,
    env,
    ports: [{ name: PORT_NAME, containerPort: port }],
    resources: { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: '256Mi' } },
    ...(mounted && { volumeMounts: [mounted.volumeMount] }),
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: livenessProbe(answers),
    securityContext: confinedAs(user),
  };
}
