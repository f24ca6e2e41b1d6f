import type { Behaviour } from './behaviour';
import type { GatewayEnvironment } from './gateway/gateway-process';
import type { Fault, FaultScope } from './http/faults';
import type { LoggedRequest } from './http/service';
import type { Document } from './store/collection';
import type { Access } from './access';
import type { ServiceName } from './services';
import { World } from './world';

export interface InProcessOptions {
  /** Where state is kept. A second network in the same folder, after the first is closed, finds the same world. */
  readonly directory: string;
  /** Default: as observed. */
  readonly behaviour?: Behaviour;
  /** Default: 1. */
  readonly gatewayReplicas?: number;
  /** Environment of the gateway's processes. Default: an empty map, local execution. */
  readonly gatewayEnvironment?: GatewayEnvironment;
  /** What the services ask of who calls them. Default: a new one. */
  readonly token?: string;
  /** Services that are not there: connections to them are refused. */
  readonly absent?: readonly ServiceName[];
  /** Whether the clusters of executors have Ambassador's CRD. Default: true. */
  readonly ambassador?: boolean;
  /** Multiplies simulated durations: 30 s of an outage, latencies. 0: none. Default: 1. */
  readonly timeScale?: number;
}

/** A network in this process, with everything that a test may want to do to it. */
export interface InProcessNetwork extends Access {
  /** Makes a service misbehave. @returns ends the fault */
  inject(service: ServiceName, fault: Fault, scope?: FaultScope): () => void;
  /** Ends all faults of all services. */
  heal(): void;
  /** The requests that a service has answered, oldest first. The gateway's own calls to the others count too. */
  requests(service: ServiceName): readonly LoggedRequest[];
  /** Restarts one gateway process, or all: they lose what they were told and read their environment again. */
  restartGateway(index?: number): void;
  /** A rollout: all processes end, and as many as are wanted start in this environment. */
  rolloutGateway(environment: GatewayEnvironment, replicas?: number): void;
  /** The network map of each gateway process. */
  gatewayMaps(): unknown[];
  /** What is stored. */
  clusters(): readonly Document[];
  policies(): readonly Document[];
  executors(): readonly Document[];
  /** What executors have on their clusters: of deployment, service and mapping those that are true. */
  infrastructure(): readonly Document[];
  /** Stores documents as they are, without any check. */
  seed(documents: Partial<Record<'clusters' | 'policies' | 'executors' | 'clusterMetrics', Document[]>>): void;
  /** Ends all connections and writes what is left to write. */
  close(): Promise<void>;
}

export async function startInProcess(options: InProcessOptions): Promise<InProcessNetwork> {
  const { gatewayReplicas, gatewayEnvironment = {}, timeScale = 1, ...kept } = options;
  const world = await World.start({ ...kept, timeScale, keepsRequests: true });
  let replicas = gatewayReplicas ?? 1;
  let generation = 0;
  const rollout = (environment: GatewayEnvironment) => {
    generation += 1;
    const ids = Array.from({ length: replicas }, (_, index) => `${generation}-${index}`);
    world.gateway.setProcesses(ids.map((id) => ({ id, environment })));
  };
  rollout(gatewayEnvironment);
  const services = Object.values(world.services);
  return {
    ...world.access,
    inject: (service, fault, scope) => world.services[service].faults.inject(fault, scope),
    heal: () => {
      for (const { faults } of services) faults.clear();
    },
    requests: (service) => world.services[service].requests,
    restartGateway: (index) => world.gateway.restart(index),
    rolloutGateway: (environment, wanted) => {
      replicas = wanted ?? replicas;
      rollout(environment);
    },
    gatewayMaps: () => world.gateway.maps(),
    clusters: () => world.documents.clusters.all(),
    policies: () => world.documents.policies.all(),
    executors: () => world.documents.executors.all(),
    infrastructure: () => world.documents.infrastructure.all(),
    seed: (documents) => {
      for (const [name, seeds] of Object.entries(documents)) {
        for (const document of seeds) world.documents[name as keyof typeof documents].insert(document);
      }
    },
    close: () => world.close(),
  };
}
