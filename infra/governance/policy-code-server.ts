import { createHash } from 'node:crypto';
import type { types } from '@pulumi/kubernetes';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { ConfigMap, ConfigMapPatch, Service, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import * as pulumi from '@pulumi/pulumi';
import { commonLabels, objectMeta } from '../metadata';
import { pullPolicy } from '../services/images';
import { disruptionBudget } from '../services/network';
import { hostSpread, selectorLabels } from '../services/pod';
import type { Archive } from './archives';
import { POLICY_CODE_NODE_PORT } from './policy-code-address';

/** Arguments of {@link PolicyCodeServer}. */
export interface PolicyCodeServerArgs {
  /** Served under their file names. */
  archives: readonly Archive[];
  namespace: string;
  /** An image with busybox's httpd. */
  image: string;
  /** Names of pull Secrets in the namespace. */
  imagePullSecrets: readonly string[];
}

const name = 'policy-code';
const port = 8080;
const folder = '/srv';
/** Nobody. */
const user = 65534;

/**
 * Hands out the code of policies at the node port of upstream's static policy-code server, to the gateway and to executors in
 * every cluster. Every pre-check in local mode downloads from it, hence the two replicas.
 *
 * Archives are patches of one ConfigMap, each a resource of its own: a new archive is there before anything names it, and
 * one that left the stack goes at the very end of an update, when no binding needs it any more; or stays, if the update
 * fails before. As keys of one resource they would go with its first change, and pre-checks would deny until the bindings
 * have moved.
 */
export class PolicyCodeServer extends pulumi.ComponentResource {
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
    const annotations = { 'pulumi.com/skipAwait': 'true' };
    new Service(name, { metadata: objectMeta(name, { namespace, annotations }), spec: serviceSpec() }, child);
    new NetworkPolicy(name, { metadata, spec: ingressPolicy() }, child);
    new PodDisruptionBudget(name, { metadata, spec: disruptionBudget(name) }, child);
    const dependsOn = [account, ...archives];
    new Deployment(name, { metadata, spec: deploymentSpec(args) }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

function serviceSpec(): types.input.core.v1.ServiceSpec {
  return {
    type: 'NodePort',
    selector: selectorLabels(name),
    ports: [{ port, targetPort: port, protocol: 'TCP', nodePort: POLICY_CODE_NODE_PORT }],
  };
}

function ingressPolicy(): types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ['Ingress'],
    ingress: [{ ports: [{ port, protocol: 'TCP' }] }],
  };
}

function deploymentSpec(args: PolicyCodeServerArgs): types.input.apps.v1.DeploymentSpec {
  // A pod sees a new key of a mounted ConfigMap after a minute or so; a new pod sees it at once.
  const served = createHash('sha256').update(args.archives.map(({ fileName }) => fileName).join('\n'));
  return {
    replicas: 2,
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels(name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: commonLabels(name), annotations: { 'aios-network/archives': served.digest('hex') } },
      spec: {
        serviceAccountName: name,
        automountServiceAccountToken: false,
        containers: [container(args.image)],
        volumes: [{ name: 'archives', configMap: { name } }],
        ...(args.imagePullSecrets.length > 0 && {
          imagePullSecrets: args.imagePullSecrets.map((secret) => ({ name: secret })),
        }),
        topologySpreadConstraints: [hostSpread(name)],
      },
    },
  };
}

function container(image: string): types.input.core.v1.Container {
  const httpGet = { path: '/', port };
  return {
    name: 'httpd',
    image,
    imagePullPolicy: pullPolicy(image),
    command: ['httpd', '-f', '-p', `${port}`, '-h', folder],
    ports: [{ containerPort: port }],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    readinessProbe: { httpGet, periodSeconds: 10 },
    livenessProbe: { httpGet, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    volumeMounts: [{ name: 'archives', mountPath: folder, readOnly: true }],
    securityContext: {
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}
