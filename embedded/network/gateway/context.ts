import type { PreChecks } from '../../../policies/pre-checks';
import type { Bugs } from '../behaviour';
import type { Peers } from '../peers';
import type { GatewayProcess } from './gateway-process';
import type { RegistryClient } from './registry-client';
import type { Serializer } from './serializer';

/** What the routes of one gateway process work with. */
export interface GatewayContext {
  readonly process: GatewayProcess;
  readonly bugs: Bugs;
  readonly peers: Peers;
  readonly registry: RegistryClient;
  /** As the process is configured: policies run in it, or on its executor. */
  readonly preChecks: PreChecks;
  /** One for all processes of the gateway. */
  readonly serializer: Serializer;
}
