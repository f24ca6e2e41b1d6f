import type { types } from '@pulumi/kubernetes';
import type { ContainerConfig } from '../config';
import { imagePullPolicy } from '../workload/image-pull-policy';
import { livenessProbe, startupProbe } from '../workload/probes';
import { confinedAs, confinedRoot, restrictedAs } from '../workload/security';
import { connects, type DatabaseAccess, environment } from './environment';

type Container = types.input.core.v1.Container;

/** Seconds that a start may take: images may install packages first. */
const START_SECONDS = 300;

/** A container of a service as its pod wants it. @param database of the service's namespace */
export function container(config: ContainerConfig, service: string, database: DatabaseAccess | undefined): Container {
  const env = environment(config.env, service, database);
  const volumeMounts = [...dataMounts(config), ...(connects(config.env) ? authorityMounts(database) : [])];
  return {
    name: config.name,
    image: config.image,
    imagePullPolicy: imagePullPolicy(config.image),
    ...(config.args && { args: [...config.args] }),
    ...(config.ports.length > 0 && { ports: config.ports.map((containerPort) => ({ containerPort })) }),
    ...(env.length > 0 && { env }),
    resources: config.resources,
    ...(config.probePort !== undefined && probes(config.probePort)),
    ...(volumeMounts.length > 0 && { volumeMounts }),
    securityContext: securityContext(config),
  };
}

/** As strict as what is known of the image allows. */
function securityContext({ runtime, runAsUser }: ContainerConfig): Container['securityContext'] {
  if (runtime !== undefined) return confinedAs(runtime.user);
  return runAsUser === undefined ? confinedRoot : restrictedAs(runAsUser);
}

function dataMounts(config: ContainerConfig): types.input.core.v1.VolumeMount[] {
  return config.runtime ? [{ name: dataVolume(config), mountPath: config.runtime.dataDirectory }] : [];
}

function authorityMounts(database: DatabaseAccess | undefined): types.input.core.v1.VolumeMount[] {
  return database?.authority ? [database.authority.volumeMount] : [];
}

/** The volumes that the containers mount. @param database of the service's namespace */
export function podVolumes(
  configs: readonly ContainerConfig[],
  database: DatabaseAccess | undefined,
): types.input.core.v1.Volume[] {
  const data = configs
    .filter(({ runtime }) => runtime !== undefined)
    .map((config) => ({ name: dataVolume(config), emptyDir: { sizeLimit: '1Gi' } }));
  const isClient = configs.some(({ env }) => connects(env));
  return [...data, ...(isClient && database?.authority ? [database.authority.volume] : [])];
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
