import type { Client } from './http/client';
import type { ServiceName } from './services';

/** How the services reach each other. */
export interface Peers extends Client {
  /** A service's base URL, asked for when it is needed. */
  address(service: ServiceName): string;
}
