import type { types } from '@pulumi/kubernetes';
import { commonLabels } from '../metadata';
import { container, type ContainerSpec, dataVolumes } from './container';

/** The pods of a service, with nothing left to look up. */
export interface PodSpec {
  /** Name of the service. */
  readonly name: string;
  readonly replicas: number;
  /** The service's own container first. */
  readonly containers: readonly ContainerSpec[];
  /** Labels beside the common ones. */
  readonly labels: Readonly<Record<string, string>>;
  readonly imagePullSecrets: readonly string[];
  /** Whether two pods at once would be two different services: an update then stops the old pod first. */
  readonly recreate: boolean;
}

/** Labels by which Services, disruption budgets and network policies find the pods: upstream's, and no others. */
export function selectorLabels(name: string): { app: string } {
  return { app: name };
}

/** Deployment of the pods. */
export function deploymentSpec(pod: PodSpec): types.input.apps.v1.DeploymentSpec {
  return {
    replicas: pod.replicas,
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels(pod.name) },
    // A new pod is ready before an old one goes: with one replica too, an update is no outage.
    strategy: pod.recreate
      ? { type: 'Recreate' }
      : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: podTemplate(pod),
  };
}

function podTemplate(pod: PodSpec): types.input.core.v1.PodTemplateSpec {
  const volumes = dataVolumes(pod.containers);
  return {
    metadata: { labels: { ...commonLabels(pod.name), ...pod.labels } },
    spec: {
      serviceAccountName: pod.name,
      automountServiceAccountToken: false,
      containers: pod.containers.map(container),
      ...(volumes.length > 0 && { volumes }),
      ...(pod.imagePullSecrets.length > 0 && { imagePullSecrets: pod.imagePullSecrets.map((name) => ({ name })) }),
      ...(pod.replicas > 1 && { topologySpreadConstraints: [hostSpread(pod.name)] }),
    },
  };
}

/** Replicas on as many hosts as there are; on fewer hosts they still run. */
export function hostSpread(name: string): types.input.core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels(name) },
  };
}
