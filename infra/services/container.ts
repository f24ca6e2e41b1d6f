import type { types } from '@pulumi/kubernetes';
import type { ContainerResources } from '../config';
import type { ContainerRuntime } from './definition';
import { pullPolicy } from './images';
import { containerResources } from './resources';

/** A container of a service's pod, with nothing left to look up. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly number[];
  /** Port that probes connect to. Absent: the container is not probed. */
  readonly probePort?: number | undefined;
  readonly env: types.input.core.v1.EnvVar[];
  readonly resources?: ContainerResources | undefined;
  readonly runtime?: ContainerRuntime | undefined;
}

type Container = types.input.core.v1.Container;

/**
 * Capabilities that the start scripts of images running as root use, to own files and to change to another user. All
 * others are dropped, of the ones that the container runtime grants by default too.
 */
const startScriptCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];

/** The container as the pod wants it. */
export function container(spec: ContainerSpec): Container {
  return {
    name: spec.name,
    image: spec.image,
    imagePullPolicy: pullPolicy(spec.image),
    ...(spec.ports.length > 0 && { ports: spec.ports.map((containerPort) => ({ containerPort })) }),
    ...(spec.env.length > 0 && { env: spec.env }),
    resources: containerResources(spec.resources),
    ...(spec.probePort !== undefined && probes(spec.probePort)),
    ...(spec.runtime && { volumeMounts: [{ name: dataVolume(spec), mountPath: spec.runtime.dataDirectory }] }),
    securityContext: securityContext(spec.runtime),
  };
}

/** The volumes that the containers mount. */
export function dataVolumes(specs: readonly ContainerSpec[]): types.input.core.v1.Volume[] {
  return specs
    .filter((spec) => spec.runtime !== undefined)
    .map((spec) => ({ name: dataVolume(spec), emptyDir: { sizeLimit: '1Gi' } }));
}

function dataVolume(spec: ContainerSpec): string {
  return `${spec.name}-data`;
}

/**
 * Upstream documents no health endpoint: a port that accepts connections is all that is known of a healthy service. The
 * start may take five minutes, since images may install packages first; only then do the other probes begin.
 */
function probes(port: number): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const tcpSocket = { port };
  return {
    startupProbe: { tcpSocket, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { tcpSocket, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

function securityContext(runtime: ContainerRuntime | undefined): types.input.core.v1.SecurityContext {
  const common = { allowPrivilegeEscalation: false, seccompProfile: { type: 'RuntimeDefault' } };
  if (runtime === undefined) return { ...common, capabilities: { drop: ['ALL'], add: startScriptCapabilities } };
  return {
    ...common,
    runAsNonRoot: true,
    runAsUser: runtime.user,
    runAsGroup: runtime.user,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
}
