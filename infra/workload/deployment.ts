import type { types } from '@pulumi/kubernetes';
import { commonLabels, selectorLabels } from './metadata';
import { HOST, type PodIdentity, podSpec, spread } from './pod';

/**
 * Seconds that pods have to stop of which no two run at once, so that nothing answers meanwhile. Their processes are the first of
 * their containers and handle no SIGTERM, which the kernel then ignores: they would be waited for, for 30 seconds, and killed all the same.
 */
const RECREATE_GRACE_SECONDS = 5;

/** The pods of a Deployment. */
export interface DeploymentParts extends PodIdentity {
  /** Name of the workload. */
  name: string;
  replicas: number;
  containers: types.input.core.v1.Container[];
  volumes?: types.input.core.v1.Volume[];
  /** Labels of the pods beside the common ones. */
  labels?: Readonly<Record<string, string>>;
  annotations?: Record<string, string>;
  /** Whether two pods at once would be two different services: an update then stops the old pod first. */
  recreate?: boolean;
}

/** The spec of a Deployment whose replicas are spread over hosts. */
export function deploymentSpec(parts: DeploymentParts): types.input.apps.v1.DeploymentSpec {
  const { name, replicas, recreate = false } = parts;
  return {
    replicas,
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels(name) },
    // A new pod is ready before an old one goes: with one replica too, an update is no outage.
    strategy: recreate
      ? { type: 'Recreate' }
      : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: podTemplate(parts),
  };
}

function podTemplate(parts: DeploymentParts): types.input.core.v1.PodTemplateSpec {
  const { name, replicas, containers, volumes = [], labels, annotations, recreate = false } = parts;
  return {
    metadata: { labels: { ...commonLabels(name), ...labels }, ...(annotations && { annotations }) },
    spec: podSpec(parts, {
      containers,
      ...(recreate && { terminationGracePeriodSeconds: RECREATE_GRACE_SECONDS }),
      ...(volumes.length > 0 && { volumes }),
      // Replicas on as many hosts as there are; on fewer hosts they still run.
      ...(replicas > 1 && { topologySpreadConstraints: [spread(name, HOST, 'ScheduleAnyway')] }),
    }),
  };
}
