import { ResponseError, UserError } from '../errors';
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
export async function needsAnother(old: Infrastructure, now: Infrastructure): Promise<boolean> {
  if (old.maxProcesses !== now.maxProcesses) return true;
  if (old.kubeconfig === now.kubeconfig) return false;
  return serversIn(await parseKubeconfig(old.kubeconfig)) !== serversIn(await parseKubeconfig(now.kubeconfig));
}

export async function createInfrastructure(call: Call, id: string, wanted: Infrastructure): Promise<void> {
  call.status(`creating the infrastructure of executor ${id} on its cluster`);
  await call.services.executors.act(call, id, {
    ...(await infrastructureCall(call, wanted)),
    method: 'POST',
    action: 'create-infra',
  });
}

/** What is not there, as after a creation that failed half-way, needs no removal. */
export async function removeInfrastructure(call: Call, id: string, existing: Infrastructure): Promise<void> {
  call.status(`removing the infrastructure of executor ${id} from its cluster`);
  try {
    await call.services.executors.act(call, id, {
      ...(await infrastructureCall(call, existing)),
      method: 'DELETE',
      action: 'remove-infra',
    });
  } catch (error) {
    if (!(error instanceof ResponseError) || !/\b404\b|not ?found/i.test(error.reason)) throw error;
    call.warn(
      `executor ${id}: a part of its infrastructure was gone already; look for what is left of executor-${id} on its cluster`,
    );
  }
}

async function infrastructureCall({ services }: Call, { kubeconfig, maxProcesses }: Infrastructure) {
  const body = { cluster_config: await parseKubeconfig(kubeconfig), max_processes: maxProcesses };
  return { body, repeatable: false, timeoutMs: services.timing.infrastructureMs };
}

async function parseKubeconfig(text: string): Promise<JsonObject> {
  const parsed = text.trimStart().startsWith('{') ? parseJson(text) : await parseYaml(text);
  if (isJsonObject(parsed) && Array.isArray(parsed.clusters)) return parsed;
  // Neither the text nor a parser's message about it may be shown.
  throw new UserError('infrastructure.kubeconfig: [secret]: must be the contents of a kubeconfig, YAML or JSON');
}

async function parseYaml(text: string): Promise<Json | undefined> {
  // Loaded by those who need it only.
  const { parse } = await import('yaml');
  try {
    return parse(text, { logLevel: 'error' }) as Json;
  } catch {
    return undefined;
  }
}

function serversIn({ clusters }: JsonObject): string {
  const list = Array.isArray(clusters) ? clusters.filter(isJsonObject) : [];
  return JSON.stringify(list.map(({ cluster }) => (isJsonObject(cluster) ? cluster.server : null)));
}
