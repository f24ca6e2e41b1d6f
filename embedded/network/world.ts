import { mkdir } from 'node:fs/promises';
import { newToken, type Access } from './access';
import { resolveBugs } from './behaviour';
import { Gateway } from './gateway/gateway';
import { createClient } from './http/client';
import type { HttpService } from './http/service';
import type { Peers } from './peers';
import { SERVICES, type ServiceName } from './services';
import { COLLECTIONS, type Documents, openDocuments } from './store/documents';
import { createServices } from './wiring';
import type { WorldOptions } from './world-options';

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
