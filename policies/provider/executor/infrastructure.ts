import { ResponseError, UserError, excerpt, messageOf } from '../errors';
import type { Call } from '../resource-handler';
import { type Json, type JsonObject, type Value, isJsonObject, open, parseJson, reveal } from '../wire/value';

/** What runs an executor on its target cluster. */
interface Infrastructure {
  /** The target cluster's, in full: a secret. */
  kubeconfig: string;
  maxProcesses: number;
}

export function infrastructureIn(value: Value | undefined): Infrastructure | undefined {
  const opened = open(value);
  return opened === undefined || opened === null ? undefined : (reveal(opened) as unknown as Infrastructure);
}

/** Whether a change of these inputs needs another infrastructure, rather than only other credentials for it. */
export function needsAnother(old: Infrastructure, now: Infrastructure): boolean {
  if (old.maxProcesses !== now.maxProcesses) return true;
  if (old.kubeconfig === now.kubeconfig) return false;
  return serversIn(parseKubeconfig(old.kubeconfig)) !== serversIn(parseKubeconfig(now.kubeconfig));
}

/**
 * Has the policies system make a Deployment, a Service and, last, a Mapping of Ambassador. Whatever was made before one
 * of them fails stays.
 */
export async function createInfrastructure(call: Call, id: string, wanted: Infrastructure): Promise<void> {
  call.status(`creating the infrastructure of executor ${id} on its cluster`);
  try {
    await call.services.executors.act(call, id, {
      ...infrastructureCall(call, wanted),
      method: 'POST',
      action: 'create-infra',
    });
  } catch (error) {
    if (!(error instanceof ResponseError) || !isNotFound(error)) throw error;
    throw new UserError(
      `executor ${id}: its Deployment and its Service were made, but its cluster does not know Mappings of Ambassador ` +
        '(getambassador.io/v2), the last part: install Ambassador (emissary-ingress) there, then run this again; ' +
        `or leave infrastructure out. The policies system answered ${excerpt(error.reason)}`,
    );
  }
}

/** The policies system removes Deployment, Service and Mapping in this order, and stops at the first that is not there. */
export async function removeInfrastructure(call: Call, id: string, existing: Infrastructure): Promise<void> {
  call.status(`removing the infrastructure of executor ${id} from its cluster`);
  try {
    await call.services.executors.act(call, id, {
      ...infrastructureCall(call, existing),
      method: 'DELETE',
      action: 'remove-infra',
    });
  } catch (error) {
    if (!(error instanceof ResponseError) || !isNotFound(error)) throw error;
    const missing = /\b(deployments|services)\b/i.exec(error.reason)?.[1]?.toLowerCase();
    if (missing === undefined) return;
    const left = missing === 'deployments' ? `Service executor-svc-${id} and its Mapping` : 'Mapping';
    call.warn(
      `executor ${id}: its ${missing === 'deployments' ? 'Deployment' : 'Service'} was gone already, so the policies system ` +
        `did not remove its ${left}: look in namespace policies-system of its cluster for executor-mapping-${id} and the like`,
    );
  }
}

/** Removes what a creation that failed half-way may have left. It may have left nothing, or its cluster was never reached. */
export async function removeRemains(call: Call, id: string, existing: Infrastructure): Promise<void> {
  try {
    await removeInfrastructure(call, id, existing);
  } catch (error) {
    if (!(error instanceof ResponseError) && !(error instanceof UserError)) throw error;
    call.warn(
      `executor ${id}: its infrastructure was never made as a whole, and what there is of it could not be removed ` +
        `(${messageOf(error)}): look in namespace policies-system of its cluster for executor-${id}`,
    );
  }
}

/** What Kubernetes answers where a thing, or its kind, is not there, as the policies system repeats it. */
const isNotFound = ({ reason }: ResponseError) => /\b404\b|not ?found/i.test(reason);

function infrastructureCall({ services }: Call, { kubeconfig, maxProcesses }: Infrastructure) {
  const body = { cluster_config: parseKubeconfig(kubeconfig), max_processes: maxProcesses };
  return { body, repeatable: false, timeoutMs: services.timing.infrastructureMs };
}

function parseKubeconfig(text: string): JsonObject {
  const parsed = text.trimStart().startsWith('{') ? parseJson(text) : dataOf(text);
  if (isJsonObject(parsed) && Array.isArray(parsed.clusters)) return parsed;
  // Neither the text nor a parser's message about it may be shown.
  throw new UserError('infrastructure.kubeconfig: [secret]: must be the contents of a kubeconfig, YAML or JSON');
}

function dataOf(text: string): Json | undefined {
  // Loaded by those who need it only; Node's import() knows no folders.
  const { parseYaml } = require('../../../stack-file') as typeof import('../../../stack-file');
  try {
    return parseYaml(text) as Json;
  } catch {
    return undefined;
  }
}

function serversIn({ clusters }: JsonObject): string {
  const list = Array.isArray(clusters) ? clusters.filter(isJsonObject) : [];
  return JSON.stringify(list.map(({ cluster }) => (isJsonObject(cluster) ? cluster.server : null)));
}
