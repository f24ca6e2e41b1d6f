import type { types } from '@pulumi/kubernetes';
import type { ContainerConfig } from '../config';
import { imagePullPolicy } from '../workload/image-pull-policy';
import { livenessProbe, startupProbe } from '../workload/probes';
import { confinedAs, confinedRoot, restrictedAs } from '../workload/security';
import { type DatabaseAccess, environment } from './environment';

type Container = types.input.core.v1.Container;

/** Seconds that a start may take: images may install packages first. */
const START_SECONDS = 300;

/** A container of a service as its pod wants it. @param database of the service's namespace */
export function container(config: ContainerConfig, service: string, database: DatabaseAccess | undefined): Container {
  const env = environment(config.env, service, database);
  return {
    name: config.name,
    image: config.image,
    imagePullPolicy: imagePullPolicy(config.image),
    ...(config.args && { args: [...config.args] }),
    ...(config.ports.length > 0 && { ports: config.ports.map((containerPort) => ({ containerPort })) }),
    ...(env.length > 0 && { env }),
    resources: config.resources,
    ...(config.probePort !== undefined && probes(config.probePort)),
    ...(config.runtime && { volumeMounts: [{ name: dataVolume(config), mountPath: config.runtime.dataDirectory }] }),
    securityContext: securityContext(config),
  };
}

/** As strict as what is known of the image allows. */
function securityContext({ runtime, runAsUser }: ContainerConfig): Container['securityContext'] {
  if (runtime !== undefined) return confinedAs(runtime.user);
  return runAsUser === undefined ? confinedRoot : restrictedAs(runAsUser);
}

/** The volumes that the containers mount. */
export function dataVolumes(configs: readonly ContainerConfig[]): types.input.core.v1.Volume[] {
  return configs
    .filter(({ runtime }) => runtime !== undefined)
    .map((config) => ({ name: dataVolume(config), emptyDir: { sizeLimit: '1Gi' } }));
}

function dataVolume({ name }: ContainerConfig): string {
  return `${name}-data`;
}

/** Upstream documents no health endpoint: a port that accepts connections is all that is known of a healthy service. */
function probes(port: number): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const accepts = { tcpSocket: { port } };
  return {
    startupProbe: startupProbe(accepts, START_SECONDS),
    readinessProbe: { ...accepts, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: livenessProbe(accepts),
  };
}
