import { type ApiClient, ApiError, isNotFound } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import { type Properties, reveal } from '../wire/value';
import { HOSTNAME } from './hosts';

type Labels = Readonly<Record<string, string>>;

interface Wanted {
  section: string;
  nodes: readonly string[];
  labels: Labels;
  hostnames: Readonly<Record<string, string>>;
}

/**
 * That nodes are there, with the hostnames that volumes are bound to: `aios:database:DatabaseNodes`. It exists in the state
 * alone. Nodes are looked at when they come to the list, and by a refresh: one that is gone is missing from the list then, so
 * that the next run looks for it again.
 */
export class DatabaseNodes implements ResourceHandler {
  readonly identity = [];

  check(news: Properties): Checked {
    const failures: CheckFailure[] = [];
    const fields = new Fields(news, failures).only(['section', 'nodes', 'labels', 'hostnames']);
    fields.text('section', { must: 'be a name', pattern: /\S/ });
    fields.list('nodes');
    for (const key of ['labels', 'hostnames']) fields.object(key);
    return { inputs: news, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    return difference(old.inputs, news);
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  /** @throws UserError naming the nodes that are not there, or whose hostname is another one */
  async foresee(call: Call, inputs: Properties, old?: State): Promise<void> {
    const { section, nodes, labels, hostnames } = wanted(inputs);
    const known: Partial<Wanted> = old ? wanted(old.inputs) : {};
    const isNew = (node: string) => !known.nodes?.includes(node) || known.hostnames?.[node] !== hostnames[node];
    const found = await labelsOf(nodes.filter(isNew), call);
    refuseMissing(section, found);
    for (const [node, actual] of found) {
      refuseOtherHostname(section, node, hostnames[node], actual?.[HOSTNAME]);
      for (const message of takenOver(node, labels, actual)) call.warn(message);
    }
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    await this.foresee(call, inputs);
    return { id: wanted(inputs).section, outputs: inputs };
  }

  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    if (!state) return undefined;
    const { nodes } = wanted(state.inputs);
    const missing = missingOf(await labelsOf(nodes, call));
    if (missing.length === 0) return { id, ...state };
    const left = { ...state.inputs, nodes: nodes.filter((node) => !missing.includes(node)) };
    return { id, inputs: left, outputs: left };
  }

  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    await this.foresee(call, inputs, old);
    return inputs;
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

const wanted = (inputs: Properties) => reveal(inputs) as unknown as Wanted;

/** The labels of nodes by name; undefined for one that is not there. */
async function labelsOf(nodes: readonly string[], call: Call): Promise<ReadonlyMap<string, Labels | undefined>> {
  if (nodes.length === 0) return new Map();
  const client = await call.services.cluster();
  return new Map(
    await Promise.all(nodes.map(async (node) => [node, await readLabels(client, node, call.signal)] as const)),
  );
}

async function readLabels(client: ApiClient, node: string, signal: AbortSignal): Promise<Labels | undefined> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}`;
  try {
    const { body } = await client.request({ method: 'GET', path, repeatable: true, signal });
    const { metadata } = body as { metadata?: { labels?: Labels } };
    return metadata?.labels ?? {};
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(
      `node ${node}: whether it is there has to be known, and the API server answers: ${error.message}`,
    );
  }
}

const missingOf = (found: ReadonlyMap<string, Labels | undefined>): string[] =>
  [...found].filter(([, labels]) => labels === undefined).map(([node]) => node);

function refuseMissing(section: string, found: ReadonlyMap<string, Labels | undefined>): void {
  const missing = missingOf(found);
  if (missing.length === 0) return;
  const [are, them] = missing.length === 1 ? ['is no node', 'it'] : ['are no nodes', 'them'];
  throw new UserError(
    `${section}.nodes: ${missing.join(', ')} ${are} of the cluster, and to label ${them} would make nodes that no ` +
      'machine stands behind. Mend the list (kubectl get nodes names those that there are), or let the machines join first.',
  );
}

/** @param wanted undefined: no volume is bound to a directory of the node */
function refuseOtherHostname(section: string, node: string, wanted?: string, actual?: string): void {
  if (wanted === undefined || wanted === actual) return;
  const [is, fix] =
    actual === undefined
      ? ['is missing', `kubectl label node ${node} ${HOSTNAME}=${wanted} sets it.`]
      : [`is ${actual}`, `Write the node as { name: ${node}, hostname: ${actual} }.`];
  throw new UserError(
    `${section}.nodes: the label ${HOSTNAME} of node ${node} ${is}, and no member could use a directory that is bound to ` +
      `${wanted}. ${fix}`,
  );
}

/** What is said of labels that somebody else has set to something else: patches of nodes take them over. */
function takenOver(node: string, labels: Labels, actual: Labels = {}): string[] {
  return Object.entries(labels)
    .filter(([key, value]) => actual[key] !== undefined && actual[key] !== value)
    .map(
      ([key, value]) =>
        `node ${node} has the label ${key}=${actual[key]} of somebody else, and gets ${key}=${value}: what chooses nodes by ` +
        'it will choose otherwise. Take the node out of the list if it was kept out on purpose.',
    );
}
