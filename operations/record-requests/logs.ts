import type { NetworkConfig } from '../../infra/config';
import {
  ApiClient,
  ApiError,
  ClusterAccessError,
  listAt,
  loadKubeconfig,
  selectTarget,
  textAt,
} from '../../kubernetes-api';
import { UserError } from '../command-line';

const PODS = '/api/v1/namespaces/services/pods';
const GATEWAY = { labelSelector: 'app=cluster-controller-gateway' };

/** Beyond this no log is read, in bytes for each pod. */
const MOST = 50 * 1024 ** 2;

/** How long a request may take, in seconds. */
const TIMEOUT = 60;

/**
 * The lines that the gateway's pods have logged, where policies that it runs itself (mode local) write: at 6b2b17a its logging
 * lets those of level INFO through.
 *
 * @param since so many seconds back; default: all that the cluster has kept
 * @throws UserError where there is no log to be had, and why
 */
export async function gatewayLog({ stack, cluster, policies }: NetworkConfig, since?: number): Promise<string[]> {
  if (policies.execution.mode === 'remote')
    throw new UserError(
      `policies of stack ${stack} run in an executor, on another cluster: their log is there, and this command does not reach it; save it, and give it with --file`,
    );
  const { context, kubeconfig } = cluster;
  const own = typeof kubeconfig === 'string' ? kubeconfig : undefined;
  try {
    const client = new ApiClient(selectTarget(await loadKubeconfig(own), { context }), TIMEOUT);
    return await linesOfPods(client, since).finally(() => client.close());
  } catch (error) {
    if (error instanceof ApiError) throw new UserError(explain(error));
    throw error instanceof ClusterAccessError ? new UserError(error.message) : error;
  }
}

async function linesOfPods(client: ApiClient, since: number | undefined): Promise<string[]> {
  const { body } = await client.request({ method: 'GET', path: PODS, query: GATEWAY, repeatable: true });
  const names = listAt(body, 'items').map((pod) => textAt(pod, 'metadata', 'name'));
  if (names.length === 0) throw new UserError('no pod of the gateway runs in namespace services');
  const query = { limitBytes: String(MOST), ...(since !== undefined && { sinceSeconds: String(since) }) };
  const lines: string[] = [];
  for (const name of names)
    for await (const line of client.lines({ method: 'GET', path: `${PODS}/${name}/log`, query })) lines.push(line);
  return lines;
}

function explain({ code, message }: ApiError): string {
  if (code === 403)
    return 'the API server does not let this user read logs: grant list on pods and get on pods/log in namespace services';
  return `the API server has no log of the gateway: it answered ${code} (${message}); on the embedded cluster no pod runs, and there is none`;
}
