import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { newToken, type Access } from './access';
import { resolveBugs, type Behaviour } from './behaviour';
import { Gateway } from './gateway/gateway';
import { createClient } from './http/client';
import type { HttpService, LoggedRequest } from './http/service';
import type { Peers } from './peers';
import { SERVICES, type ServiceName } from './services';
import { Collection } from './store/collection';
import { createServices } from './wiring';

export interface WorldOptions {
  /** Where state is kept. Made if need be, closed to everybody else. */
  readonly directory: string;
  readonly behaviour?: Behaviour | undefined;
  /** Whether the clusters of executors have Ambassador's CRD. Default: true. */
  readonly ambassador?: boolean | undefined;
  /** What the services ask of who calls them. Default: a new one. */
  readonly token?: string | undefined;
  /** Services that are not there: connections to them are refused. */
  readonly absent?: readonly ServiceName[] | undefined;
  /** Multiplies every simulated duration. */
  readonly timeScale: number;
  /** Whether the latest requests are kept, bodies included. */
  readonly keepsRequests: boolean;
  /** Ports to listen on. Absent: any. */
  readonly ports?: Partial<Record<ServiceName, number>>;
  readonly onRequest?: (service: ServiceName, request: LoggedRequest) => void;
}

/** What is stored, a file each. */
const COLLECTIONS = ['clusters', 'policies', 'executors', 'clusterMetrics', 'infrastructure'] as const;

export type Documents = Readonly<Record<(typeof COLLECTIONS)[number], Collection>>;

/** The services, their documents, and the gateway's processes, in this process. */
export class World {
  private constructor(
    readonly services: Readonly<Record<ServiceName, HttpService>>,
    readonly access: Access,
    readonly documents: Documents,
    readonly gateway: Gateway,
  ) {}

  /**
   * @throws UserError if kept state is damaged
   */
  static async start(options: WorldOptions): Promise<World> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const documents = await openDocuments(options.directory);
    const noAddresses = Object.fromEntries(SERVICES.map((name) => [name, ''])) as Record<ServiceName, string>;
    const access = { ...noAddresses, token: options.token ?? newToken() };
    const peers: Peers = {
      ...createClient(access.token, () => SERVICES.map((name) => access[name])),
      address: (service) => access[service],
    };
    const bugs = resolveBugs(options.behaviour);
    const gateway = new Gateway(bugs, peers);
    const services = createServices({ options, token: access.token, bugs, peers, gateway, documents });
    const world = new World(services, access, documents, gateway);
    try {
      for (const name of SERVICES) access[name] = await services[name].listen(options.ports?.[name]);
      for (const name of options.absent ?? []) await services[name].close();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(SERVICES.map((name) => this.services[name].close()));
    await Promise.all(COLLECTIONS.map((name) => this.documents[name].flushed()));
  }
}

async function openDocuments(directory: string): Promise<Documents> {
  const opened = COLLECTIONS.map(async (name) => {
    return [name, await Collection.open(path.join(directory, `${name}.json`))] as const;
  });
  return Object.fromEntries(await Promise.all(opened)) as unknown as Documents;
}
