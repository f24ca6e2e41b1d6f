/** The environment variables of the gateway that the stand-in heeds. */
export interface GatewayEnvironment {
  /** The network map at the start, as JSON. Default: {} */
  readonly CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP?: string;
  /** local or remote. Default: local */
  readonly POLICY_EXECUTION_MODE?: string;
  /** Default, also if empty: executor-001 */
  readonly POLICY_SYSTEM_EXECUTOR_ID?: string;
}

/** Anything can be posted to a network map, so it can be anything. */
export interface NetworkMap {
  value: unknown;
}

/** One running gateway process: what it has read from its environment, and what it has been told since. */
export class GatewayProcess {
  /** Shared by all processes where upstream is as documented. */
  networkMap: NetworkMap;
  /** Where policies run; undefined: in this process. */
  readonly executor: string | undefined;

  /**
   * @param id tells processes apart: the pod's uid, or a number
   * @throws SyntaxError if the map is no JSON: such a process ends at once
   */
  constructor(
    readonly id: string,
    readonly environment: GatewayEnvironment,
  ) {
    this.networkMap = { value: JSON.parse(environment.CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP ?? '{}') as unknown };
    const { POLICY_EXECUTION_MODE: mode, POLICY_SYSTEM_EXECUTOR_ID: executor = '' } = environment;
    if (mode === 'remote') this.executor = executor === '' ? 'executor-001' : executor;
  }
}
