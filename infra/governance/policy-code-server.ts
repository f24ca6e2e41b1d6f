import { createHash } from 'node:crypto';
import type { types } from '@pulumi/kubernetes';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { ConfigMap, ConfigMapPatch, Service, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import * as pulumi from '@pulumi/pulumi';
import { POLICY_CODE } from '../catalogue';
import type { ExposedService } from '../config';
import { exposeRoutes } from '../exposure/routes';
import { deploymentSpec, type DeploymentParts } from '../workload/deployment';
import { disruptionBudgetSpec } from '../workload/disruption-budget';
import { imagePullPolicy } from '../workload/image-pull-policy';
import { objectMeta } from '../workload/metadata';
import { ingressPolicySpec, peersOf } from '../workload/network-policy';
import { livenessProbe } from '../workload/probes';
import { confinedAs } from '../workload/security';
import { serviceSpec } from '../workload/service';

/** The code of a rule, as the network downloads it. */
export interface Archive {
  fileName: string;
  content: Buffer;
  /** Checksum, as hexadecimal digits. */
  sha256: string;
}

/** Arguments of {@link PolicyCodeServer}. */
export interface PolicyCodeServerArgs {
  /** Served under their file names. */
  archives: readonly Archive[];
  namespace: string;
  /** How it is reached. */
  service: ExposedService;
  /** An image with busybox's httpd. */
  image: string;
  /** Names of pull Secrets in the namespace. */
  imagePullSecrets: readonly string[];
}

const { name, port: PORT } = POLICY_CODE;
const FOLDER = '/srv';
/** User and group `nobody`. */
const NOBODY = 65534;

/**
 * Hands out the code of policies at the node port of upstream's static policy-code server, or what stands in for it, to the gateway and to executors in
 * every cluster. Every pre-check in local mode downloads from it, hence the two replicas.
 *
 * Archives are patches of one ConfigMap, each a resource of its own: a new archive is there before anything names it, and
 * one that left the stack goes at the very end of an update, when no binding needs it any more; or stays, if the update
 * fails before. As keys of one resource they would go with its first change, and pre-checks would deny until the bindings
 * have moved.
 */
export class PolicyCodeServer extends pulumi.ComponentResource {
  /** The Service, which has the node port. */
  readonly service: Service;

  constructor(componentName: string, args: PolicyCodeServerArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:PolicyCodeServer', componentName, {}, options);
    const { namespace } = args;
    const metadata = objectMeta(name, { namespace });
    const child = { parent: this };

    const files = new ConfigMap(name, { metadata, data: { 'index.html': 'Code of policies\n' } }, child);
    const archives = args.archives.map(({ fileName, content }) => {
      const patch = { metadata: { name, namespace }, binaryData: { [fileName]: content.toString('base64') } };
      return new ConfigMapPatch(`${name}-${fileName}`, patch, { ...child, dependsOn: files });
    });
    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
    // Ready when the Deployment is: waiting for both would be waiting twice.
    const annotations = { 'pulumi.com/skipAwait': 'true', ...args.service.annotations };
    this.service = new Service(
      name,
      {
        metadata: objectMeta(name, { namespace, annotations }),
        spec: serviceSpec(name, args.service),
      },
      child,
    );
    const from = peersOf(args.service.sources);
    new NetworkPolicy(name, { metadata, spec: ingressPolicySpec(name, [PORT], from) }, child);
    exposeRoutes(args.service, namespace, { ...child, dependsOn: this.service });
    new PodDisruptionBudget(name, { metadata, spec: disruptionBudgetSpec(name) }, child);
    const dependsOn = [account, ...archives];
    new Deployment(name, { metadata, spec: deploymentSpec(deployment(args)) }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

function deployment(args: PolicyCodeServerArgs): DeploymentParts {
  // A pod sees a new key of a mounted ConfigMap after a minute or so; a new pod sees it at once.
  const served = createHash('sha256').update(args.archives.map(({ fileName }) => fileName).join('\n'));
  return {
    name,
    account: name,
    replicas: 2,
    containers: [container(args.image)],
    volumes: [{ name: 'archives', configMap: { name } }],
    imagePullSecrets: args.imagePullSecrets,
    annotations: { 'aios-network/archives': served.digest('hex') },
  };
}

function container(image: string): types.input.core.v1.Container {
  const answers = { httpGet: { path: '/', port: PORT } };
  return {
    name: 'httpd',
    image,
    imagePullPolicy: imagePullPolicy(image),
    command: ['httpd', '-f', '-p', `${PORT}`, '-h', FOLDER],
    ports: [{ containerPort: PORT }],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: livenessProbe(answers),
    volumeMounts: [{ name: 'archives', mountPath: FOLDER, readOnly: true }],
    securityContext: confinedAs(NOBODY),
  };
}
