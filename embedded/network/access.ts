import { randomBytes } from 'node:crypto';
import { SERVICES, type Addresses } from './services';

/** Where the services are, and what they ask of who calls them. */
export interface Access extends Addresses {
  /** Of this start. Sent as `Authorization: Bearer`. A secret: whoever has it can run code as the network's owner. */
  readonly token: string;
}

/** The environment variable of the `aios` provider with tokens by origin. */
const ENDPOINT_TOKENS = 'AIOS_ENDPOINT_TOKENS';

/** The environment variable of the program with the addresses. */
const EMBEDDED_NETWORK = 'AIOS_EMBEDDED_NETWORK';

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What processes that use the network have to have in their environment. The token goes by the environment alone: command
 * lines are shown to everybody, and in a state it would be a change at every start.
 */
export function networkEnvironment(access: Access): Record<string, string> {
  const addresses = Object.fromEntries(SERVICES.map((name) => [name, access[name]]));
  const origins = SERVICES.map((name) => new URL(access[name]).origin);
  const names = origins.flatMap((origin) => [origin, origin.replace('127.0.0.1', 'localhost')]);
  const tokens = Object.fromEntries(names.map((origin) => [origin, access.token]));
  return { [EMBEDDED_NETWORK]: JSON.stringify(addresses), [ENDPOINT_TOKENS]: JSON.stringify(tokens) };
}
