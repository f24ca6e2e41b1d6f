import type { Behaviour } from './behaviour';
import type { LoggedRequest } from './http/service';
import type { ServiceName } from './services';

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
