import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Addresses } from '../../../../embedded/network';

type Body = Record<string, unknown>;

interface Reply {
  status?: number;
  body: unknown;
}

/**
 * Gateway, clusters registry and policies system, written down from upstream's sources (6b2b17a) with all that these tests
 * need and no more: what the simulated network may have wrong, these do not have from it.
 */
export class RealNetwork {
  readonly clusters = new Map<string, Body>();
  policies: Body[] = [];
  executors: Body[] = [];
  map: Body = {};
  /** The policies system's database fails at once: every read finds nothing. */
  databaseFails = false;
  /** Answers in place of what the executor's infrastructure calls do. */
  infrastructure: (call: 'create-infra' | 'remove-infra', id: string) => Reply = () => ({ body: { success: true } });
  /** What the gateway answers to a dry run of add_node; by default it has no such call. */
  dryRun: (node: Body) => Reply = () => ({ status: 404, body: '<!doctype html>' });
  readonly calls: string[] = [];
  private readonly servers: Server[] = [];

  async start(): Promise<Addresses> {
    const [gateway, clustersRegistry, policiesSystem] = await Promise.all([
      this.listen((path, method, body) => this.gateway(path, method, body)),
      this.listen((path, method, body) => this.registry(path, method, body)),
      this.listen((path, method, body) => this.policiesSystem(path, method, body)),
    ]);
    return { gateway, clustersRegistry, policiesSystem } as Addresses;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** What is stored, whatever is answered of it. */
  storedMap(id: string): unknown {
    return (this.clusters.get(id)?.config as Body | undefined)?.actionsPolicyMap;
  }

  private async listen(answer: (path: string, method: string, body: Body) => Reply): Promise<string> {
    const handle: RequestListener = (request, response) => {
      void bodyOf(request).then((body) => {
        const { url = '', method = '' } = request;
        this.calls.push(`${method} ${url}`);
        const { status = 200, body: reply } = answer(decodeURIComponent(url), method, body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
      });
    };
    const server = createServer(handle).listen(0, '127.0.0.1');
    this.servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** core/apis.py and core/cluster_db.py of the cluster controller gateway. */
  private gateway(path: string, method: string, body: Body): Reply {
    const [, id] = /cluster_id=(.*)$/.exec(path) ?? [];
    if (id !== undefined) return this.clusterMap(id, method === 'POST' ? body : undefined);
    const [, updated] = /^\/clusters\/update\/(.*)$/.exec(path) ?? [];
    if (updated !== undefined && method === 'PUT') {
      const { status, body: reply } = this.registry(`/clusters/${updated}`, 'PUT', body);
      return status === undefined
        ? { body: { success: true, data: reply } }
        : { status: 500, body: { error: `HTTP error occurred: ${status} Client Error: Not Found for url` } };
    }
    if (/^\/pre-check-policies\/(add|remove)_node\/dry_run\//.test(path)) return this.dryRun(body);
    if (path === '/pre-check-policies/get') return { body: { success: true, map: this.map } };
    if (path === '/pre-check-policies/update') {
      const answered = { ...this.map, ...body };
      this.map = body;
      return { body: { success: true, map: answered } };
    }
    return { status: 404, body: '<!doctype html>' };
  }

  private clusterMap(id: string, posted: Body | undefined): Reply {
    const { status, body } = this.registry(`/clusters/${id}`, 'GET', {});
    if (status !== undefined)
      return { status: 500, body: { error: 'HTTP error occurred: 404 Client Error: Not Found for url' } };
    const { config } = body as { config?: Body };
    if (config === undefined) return { status: 500, body: { error: "'config'" } };
    const map = { ...(config.actionsPolicyMap as Body | undefined), ...posted };
    if (posted) this.registry(`/clusters/${id}`, 'PUT', { 'config.actionsPolicyMap': map });
    return { body: { success: true, map } };
  }

  /** The clusters registry: Mongoose with minimize, which leaves empty objects out of every answer. */
  private registry(path: string, method: string, body: Body): Reply {
    if (path === '/clusters/query') return { body: { success: true, data: [...this.clusters.values()].map(minimize) } };
    const id = path.replace('/clusters/', '');
    const cluster = this.clusters.get(id);
    if (!cluster) return { status: 404, body: { message: 'Cluster not found' } };
    if (method === 'PUT') {
      const config = (cluster.config ?? {}) as Body;
      cluster.config = { ...config, actionsPolicyMap: body['config.actionsPolicyMap'] };
    }
    return { body: minimize(cluster) };
  }

  /** The policies system: PyMongo, whose errors read as nothing found. */
  private policiesSystem(path: string, method: string, body: Body): Reply {
    const [, kind = '', name = '', action] = /^\/(policy|executor)\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
    if (action === 'create-infra' || action === 'remove-infra') return this.infrastructure(action, name);
    const key = kind === 'policy' ? 'policy_rule_uri' : 'executor_id';
    const list = kind === 'policy' ? this.policies : this.executors;
    if (this.databaseFails) return databaseless(method, name);
    if (name === 'query') return this.query(kind, list, body);
    if (method === 'POST') {
      list.push(kind === 'policy' ? policyOf(body) : executorOf(body));
      return { body: { success: true, message: 'created' } };
    }
    const index = list.findIndex((entry) => entry[key] === name);
    if (index < 0) return { body: { success: false, message: 'not found or failed' } };
    if (method === 'PUT') list[index] = kind === 'policy' ? policyOf(body) : body;
    if (method === 'DELETE') list.splice(index, 1);
    return { body: { success: true, data: list[index] } };
  }

  /** `PolicyRule.from_dict` of every result: one without a field fails the whole query. */
  private query(kind: string, list: readonly Body[], filter: Body): Reply {
    const meets = (value: unknown, condition: unknown) =>
      (condition as { $in?: unknown[] } | null)?.$in?.includes(value) ?? value === condition;
    const found = list.filter((entry) => Object.entries(filter).every(([key, value]) => meets(entry[key], value)));
    const old = kind === 'policy' && found.some((entry) => !('resource_estimates' in entry));
    if (old) return { body: { success: false, message: "'resource_estimates'" } };
    return { body: { success: true, data: found } };
  }
}

function databaseless(method: string, name: string): Reply {
  if (name === 'query') return { body: { success: true, data: [] } };
  return { body: { success: false, message: method === 'GET' ? 'Policy not found.' : 'Failed.' } };
}

const policyOf = (body: Body) => ({
  ...body,
  policy_rule_uri: `${String(body.name)}:${String(body.version)}-${String(body.release_tag)}`,
});

function executorOf({ cluster_public_ip, ...body }: Body): Body {
  return { ...body, executor_host_uri: `http://${String(cluster_public_ip)}:30900`, executor_status: 'healthy' };
}

/** As Mongoose's toObject: an object that is or becomes empty goes, except in a list. */
function minimize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => minimize(item) ?? {});
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, minimize(item)] as const)
    .filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  if (request.method === 'GET') return {};
  return json(request).then(
    (body) => body as Body,
    () => ({}),
  );
}
