import { readIfPresent, writePrivate } from '../../shared/files/private-file';
import { freePort } from '../../shared/ports';
import { SERVICES, type Addresses, type ServiceName } from '../world';
import type { NetworkFolder } from './folder';

type Ports = Partial<Record<ServiceName, number>>;

/** Where the network of the last start serves, or served. */
export interface Endpoint {
  readonly pid: number;
  readonly addresses: Addresses;
}

/** The ports of the last start, where they are free, so that addresses in use stay valid; else others. */
export async function choosePorts(folder: NetworkFolder): Promise<Ports> {
  const last = await readEndpoint(folder);
  const chosen: Ports = {};
  for (const service of last ? SERVICES : []) {
    const port = Number(new URL(last?.addresses[service] ?? '').port);
    chosen[service] = await freePort(port);
  }
  return chosen;
}

/** @returns undefined if there was no start */
export async function readEndpoint(folder: NetworkFolder): Promise<Endpoint | undefined> {
  const text = await readIfPresent(folder.endpoint);
  if (text === undefined) return undefined;
  try {
    const endpoint = JSON.parse(text) as Partial<Endpoint>;
    const isWhole = SERVICES.every((service) => URL.canParse(endpoint.addresses?.[service] ?? ''));
    return isWhole ? (endpoint as Endpoint) : undefined;
  } catch {
    return undefined; // damaged: other ports will do
  }
}

export async function writeEndpoint(folder: NetworkFolder, endpoint: Endpoint): Promise<void> {
  await writePrivate(folder.endpoint, `${JSON.stringify(endpoint)}\n`);
}
