import { type ApiClient, ApiError, isNotFound } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import { type Properties, reveal } from '../wire/value';

interface Wanted {
  section: string;
  nodes: readonly string[];
}

/**
 * That nodes are there: `aios:database:DatabaseNodes`. It exists in the state alone. Nodes are looked for when they come to the
 * list, and by a refresh: one that is gone is missing from the list then, so that the next run looks for it again.
 */
export class DatabaseNodes implements ResourceHandler {
  readonly identity = [];

  check(news: Properties): Checked {
    const failures: CheckFailure[] = [];
    const fields = new Fields(news, failures).only(['section', 'nodes']);
    fields.text('section', { must: 'be a name', pattern: /\S/ });
    fields.list('nodes');
    return { inputs: news, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    return difference(old.inputs, news);
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  /** @throws UserError naming the nodes that are not there */
  async foresee(call: Call, inputs: Properties, old?: State): Promise<void> {
    const { section, nodes } = wanted(inputs);
    const known = old ? wanted(old.inputs).nodes : [];
    const missing = await missingOf(
      nodes.filter((node) => !known.includes(node)),
      call,
    );
    if (missing.length === 0) return;
    const [are, them] = missing.length === 1 ? ['is no node', 'it'] : ['are no nodes', 'them'];
    throw new UserError(
      `${section}.nodes: ${missing.join(', ')} ${are} of the cluster, and to label ${them} would make nodes that no ` +
        'machine stands behind. Mend the list (kubectl get nodes names those that there are), or let the machines join first.',
    );
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    await this.foresee(call, inputs);
    return { id: wanted(inputs).section, outputs: inputs };
  }

  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    if (!state) return undefined;
    const { nodes } = wanted(state.inputs);
    const missing = await missingOf(nodes, call);
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

async function missingOf(nodes: readonly string[], call: Call): Promise<string[]> {
  if (nodes.length === 0) return [];
  const client = await call.services.cluster();
  const found = await Promise.all(nodes.map((node) => exists(client, node, call.signal)));
  return nodes.filter((_, index) => !found[index]);
}

async function exists(client: ApiClient, node: string, signal: AbortSignal): Promise<boolean> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}`;
  try {
    await client.request({ method: 'GET', path, repeatable: true, signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(
      `node ${node}: whether it is there has to be known, and the API server answers: ${error.message}`,
    );
  }
}
