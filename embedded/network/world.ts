import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { resolveBugs, type Behaviour } from './behaviour';
import { registryOutage, registryRoutes } from './clusters-registry/routes';
import { Gateway } from './gateway/gateway';
import { HttpService, type LoggedRequest } from './http/service';
import { policiesOutage } from './policies-system/answers';
import { executorRoutes } from './policies-system/executor-routes';
import { policyRoutes } from './policies-system/policy-routes';
import { policyCodeRoutes } from './policy-code/routes';
import { policyRunner } from './rules/run-policy';
import { Collection } from './store/collection';

/** The services of the stand-in. */
export const SERVICES = ['gateway', 'clustersRegistry', 'policiesSystem', 'policyCode'] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Base URLs, `http://127.0.0.1:PORT`. */
export type Addresses = Readonly<Record<ServiceName, string>>;

export interface WorldOptions {
  /** Where state is kept. Made if need be. */
  readonly directory: string;
  readonly behaviour?: Behaviour | undefined;
  /** Multiplies every simulated duration. */
  readonly timeScale: number;
  /** Whether the latest requests are kept, bodies included. */
  readonly keepsRequests: boolean;
  /** Ports to listen on. Absent: any. */
  readonly ports?: Partial<Record<ServiceName, number>>;
  readonly onRequest?: (service: ServiceName, request: LoggedRequest) => void;
}

/** What the usual call takes, in milliseconds, as measured on the deployed services. */
const usualLatency = { gateway: 2, clustersRegistry: 5, policiesSystem: 4, policyCode: 0 } as const satisfies Record<
  ServiceName,
  number
>;

/** The four services, their documents, and the gateway's processes, in this process. */
export class World {
  private constructor(
    readonly services: Readonly<Record<ServiceName, HttpService>>,
    readonly addresses: Addresses,
    readonly clusters: Collection,
    readonly policies: Collection,
    readonly executors: Collection,
    readonly gateway: Gateway,
  ) {}

  /**
   * @throws UserError if kept state is damaged
   */
  static async start(options: WorldOptions): Promise<World> {
    const { directory } = options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const open = (name: string) => Collection.open(path.join(directory, `${name}.json`));
    const [clusters, policies, executors] = await Promise.all([open('clusters'), open('policies'), open('executors')]);
    const addresses: Record<ServiceName, string> = {
      gateway: '',
      clustersRegistry: '',
      policiesSystem: '',
      policyCode: '',
    };
    const bugs = resolveBugs(options.behaviour);
    const gateway = new Gateway(bugs, {
      clustersRegistry: () => addresses.clustersRegistry,
      policiesSystem: () => addresses.policiesSystem,
    });
    const registry = registryRoutes(clusters);
    const onExecutor = policyRunner(() => addresses.policiesSystem, { siblingModules: true });
    const policySystem = [...policyRoutes(policies, bugs), ...executorRoutes(executors, bugs, onExecutor)];
    const code = policyCodeRoutes(path.join(directory, 'policy-code'));
    const common = (name: ServiceName) => ({
      usualLatency: usualLatency[name],
      timeScale: options.timeScale,
      keepsRequests: options.keepsRequests,
      onRequest: (request: LoggedRequest) => options.onRequest?.(name, request),
    });
    const services = {
      gateway: new HttpService({ ...common('gateway'), routes: () => gateway.nextRoutes() }),
      clustersRegistry: new HttpService({
        ...common('clustersRegistry'),
        routes: () => registry,
        decodeFirst: false,
        beforeAnswer: () => clusters.flushed(),
        outageAnswer: registryOutage(bugs.outageLooksEmpty),
      }),
      policiesSystem: new HttpService({
        ...common('policiesSystem'),
        routes: () => policySystem,
        decodeFirst: bugs.slashUnreachable,
        beforeAnswer: () => Promise.all([policies.flushed(), executors.flushed()]).then(() => undefined),
        outageAnswer: policiesOutage(bugs.outageLooksEmpty),
      }),
      policyCode: new HttpService({ ...common('policyCode'), routes: () => code }),
    };
    const world = new World(services, addresses, clusters, policies, executors, gateway);
    try {
      for (const name of SERVICES) addresses[name] = await services[name].listen(options.ports?.[name]);
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(SERVICES.map((name) => this.services[name].close()));
    await Promise.all([this.clusters.flushed(), this.policies.flushed(), this.executors.flushed()]);
  }
}
