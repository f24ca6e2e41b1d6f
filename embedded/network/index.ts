import { startInProcess, type InProcessNetwork, type InProcessOptions } from './in-process';

export { BUGS, type Behaviour, type BugName } from './behaviour';
export type { GatewayEnvironment } from './gateway/gateway-process';
export type { Fault, FaultScope, RequestLine } from './http/faults';
export type { LoggedRequest } from './http/service';
export type { InProcessNetwork, InProcessOptions } from './in-process';
export type { Addresses, ServiceName } from './world';

/** Starts a network of simulated services in this process, for tests. Many run side by side. */
export function startNetwork(options: InProcessOptions & { readonly inProcess: true }): Promise<InProcessNetwork> {
  return startInProcess(options);
}
