import type { types } from '@pulumi/kubernetes';

type Probe = types.input.core.v1.Probe;
type Handler = Pick<Probe, 'tcpSocket' | 'httpGet' | 'exec'>;

/** How long a start may take, in seconds; only then do the other probes begin. */
export function startupProbe(handler: Handler, seconds: number): Probe {
  const periodSeconds = 5;
  return { ...handler, periodSeconds, failureThreshold: seconds / periodSeconds };
}

/** Restarts a container that has not answered for two minutes. @param timeoutSeconds how long one answer may take */
export function livenessProbe(handler: Handler, timeoutSeconds = 5): Probe {
  return { ...handler, periodSeconds: 20, timeoutSeconds, failureThreshold: 6 };
}
