import { type LoadPolicy, PreChecks } from '../../../policies/pre-checks';
import type { Bugs } from '../behaviour';
import type { Route } from '../http/route';
import type { Peers } from '../peers';
import { localPolicies, remotePolicies } from '../rules/policies';
import { clusterRoutes } from './cluster-routes';
import type { GatewayContext } from './context';
import { GatewayProcess, type GatewayEnvironment, type NetworkMap } from './gateway-process';
import { nodeRoutes } from './node-routes';
import { policyMapRoutes } from './policy-map-routes';
import { RegistryClient } from './registry-client';
import { Serializer } from './serializer';
import { unsimulatedRoutes } from './unsimulated-routes';

/** A process that should run. */
export interface WantedProcess {
  readonly id: string;
  readonly environment: GatewayEnvironment;
}

/** The processes of the gateway, and which of them gets the next request. */
export class Gateway {
  private processes: readonly GatewayProcess[] = [];
  private requests = 0;
  private sharedMap: NetworkMap | undefined;
  private readonly serializer: Serializer;

  constructor(
    private readonly bugs: Bugs,
    private readonly peers: Peers,
  ) {
    this.serializer = new Serializer(!bugs.lostUpdates);
  }

  /** Ends processes that are not wanted any more and starts those that are new; the others keep what they know. */
  setProcesses(wanted: readonly WantedProcess[]): void {
    this.processes = wanted.flatMap(({ id, environment }) => {
      const running = this.processes.find((process) => process.id === id);
      return running ?? startProcess(id, environment);
    });
    if (!this.bugs.mapInProcess) this.shareMap();
  }

  /** Starts processes anew, in the same environment. */
  restart(index?: number): void {
    this.setProcesses(
      this.processes.map((process, position) => {
        const isMeant = index === undefined || index === position;
        return isMeant ? { id: `${process.id}'`, environment: process.environment } : process;
      }),
    );
  }

  /** What each process holds as the network map. */
  maps(): unknown[] {
    return this.processes.map(({ networkMap }) => networkMap.value);
  }

  /** The next process's routes, in turn; undefined without a process. */
  nextRoutes(): Route[] | undefined {
    const process = this.processes[this.requests % this.processes.length];
    this.requests += 1;
    return process && this.routesOf(process);
  }

  /** The map of the first process that ever was becomes that of all. */
  private shareMap(): void {
    this.sharedMap ??= this.processes[0]?.networkMap;
    for (const process of this.processes) if (this.sharedMap) process.networkMap = this.sharedMap;
  }

  private routesOf(process: GatewayProcess): Route[] {
    const context: GatewayContext = {
      process,
      bugs: this.bugs,
      peers: this.peers,
      registry: new RegistryClient(this.peers, !this.bugs.unescapedId),
      preChecks: new PreChecks(this.bugs, this.policiesOf(process)),
      serializer: this.serializer,
    };
    return [
      ...policyMapRoutes(context),
      ...clusterRoutes(context),
      ...nodeRoutes(context),
      ...unsimulatedRoutes(context),
    ];
  }

  private policiesOf({ executor }: GatewayProcess): LoadPolicy {
    if (executor !== undefined) return remotePolicies(this.peers, executor);
    return localPolicies(this.peers, { siblingModules: !this.bugs.singleModule });
  }
}

/** @returns none if the process cannot start, and crashes again and again */
function startProcess(id: string, environment: GatewayEnvironment): GatewayProcess[] {
  try {
    return [new GatewayProcess(id, environment)];
  } catch {
    return [];
  }
}
