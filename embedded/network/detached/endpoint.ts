import { readIfPresent, writePrivate } from '../../shared/files/private-file';
import { freePort } from '../../shared/ports';
import type { Access } from '../access';
import { SERVICES, type ServiceName } from '../services';
import type { NetworkFolder } from './folder';

type Ports = Partial<Record<ServiceName, number>>;

/** Where the network of the last start serves, or served. In a file that only its owner can read: it holds the token. */
export interface Endpoint {
  readonly pid: number;
  readonly access: Access;
  /** What the user should know of how rules are run here. */
  readonly warning?: string;
}

/** The ports of the last start, where they are free, so that addresses in use stay valid; else others. */
export async function choosePorts(folder: NetworkFolder): Promise<Ports> {
  const last = await readLast(folder);
  const chosen: Ports = {};
  for (const service of SERVICES) {
    const address = last?.access[service];
    if (address !== undefined) chosen[service] = await freePort(Number(new URL(address).port));
  }
  return chosen;
}

/** An endpoint of whatever version of this code: what it did not have yet is missing. */
type LastEndpoint = Pick<Endpoint, 'pid'> & { readonly access: Partial<Access> };

/** @returns undefined if there was no start, or one of a version of this code that had not all of today's services */
export async function readEndpoint(folder: NetworkFolder): Promise<Endpoint | undefined> {
  const last = await readLast(folder);
  const isWhole = last && [...SERVICES, 'token' as const].every((key) => last.access[key] !== undefined);
  return isWhole ? (last as Endpoint) : undefined;
}

async function readLast(folder: NetworkFolder): Promise<LastEndpoint | undefined> {
  const text = await readIfPresent(folder.endpoint);
  if (text === undefined) return undefined;
  try {
    const { pid = 0, access, addresses } = JSON.parse(text) as Partial<Endpoint> & { addresses?: Partial<Access> };
    // Up to version 1 of this file there was no token.
    const known = Object.entries(access ?? addresses ?? {}).filter(
      ([key, value]) => key === 'token' || URL.canParse(value),
    );
    return { pid, access: Object.fromEntries(known) };
  } catch {
    return undefined; // damaged: other ports will do
  }
}

export async function writeEndpoint(folder: NetworkFolder, endpoint: Endpoint): Promise<void> {
  await writePrivate(folder.endpoint, `${JSON.stringify(endpoint)}\n`);
}
