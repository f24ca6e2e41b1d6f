import { type ApiClient, at, find, isForbidden, textAt } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import { type Properties, reveal } from '../wire/value';

interface Wanted {
  namespaces: readonly string[];
  namespacesAre: 'created' | 'released' | 'existing';
  uid?: string;
  transient: boolean;
}

/** Label by which objects of the program are known. */
const PART_OF = 'app.kubernetes.io/part-of';
const NETWORK = 'aios-network';

/**
 * The cluster that a stack is on: `aios:cluster:TargetCluster`. It exists in the state alone. A cluster is known by the uid of
 * its namespace kube-system, which is made with it and never again.
 */
export class TargetCluster implements ResourceHandler {
  readonly identity = [];

  check(news: Properties, olds: Properties | undefined): Checked {
    const failures: CheckFailure[] = [];
    const fields = new Fields(news, failures).only(['namespaces', 'namespacesAre', 'uid', 'transient']);
    fields.list('namespaces');
    fields.choice('namespacesAre', ['created', 'released', 'existing']);
    fields.text('uid', { must: 'be a uid', pattern: /\S/, optional: true });
    fields.flag('transient');
    if (failures.length === 0 && olds !== undefined) failures.push(...deleted(wanted(olds), wanted(news)));
    return { inputs: news, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    return difference(old.inputs, news);
  }

  /** @throws UserError if the cluster is another one */
  async examine(call: Call, old: State, inputs: Properties): Promise<Map<string, ChangeKind>> {
    await this.uidOf(call, inputs, old);
    return new Map();
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  /** @throws UserError if the cluster is another one, or its namespaces are not as the stack says */
  async foresee(call: Call, inputs: Properties, old?: State): Promise<void> {
    await this.record(call, inputs, old);
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    return { id: 'cluster', outputs: await this.record(call, inputs) };
  }

  /** A refresh on another cluster would find nothing of the stack, and forget all of it. */
  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    if (state === undefined) return undefined;
    await this.uidOf(call, state.inputs, state);
    return { id, ...state };
  }

  update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    return this.record(call, inputs, old);
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async record(call: Call, inputs: Properties, old?: State): Promise<Properties> {
    const uid = await this.uidOf(call, inputs, old);
    const now = wanted(inputs);
    const isNew = old === undefined || wanted(old.inputs).namespacesAre !== 'existing';
    if (now.namespacesAre === 'existing' && isNew) await requireNamespaces(call, now.namespaces, old === undefined);
    return { ...inputs, ...(uid !== undefined && { clusterUid: uid }) };
  }

  /** The uid of the cluster, if it is remembered; undefined where rights are missing. */
  private async uidOf(call: Call, inputs: Properties, old?: State): Promise<string | undefined> {
    const { uid, transient } = wanted(inputs);
    if (transient) return undefined;
    const live = await clusterUid(call);
    const recorded = old?.outputs.clusterUid;
    const known = typeof recorded === 'string' ? recorded : undefined;
    if (live !== undefined) requireSame(live, uid, known);
    return live ?? known;
  }
}

const wanted = (inputs: Properties) => reveal(inputs) as unknown as Wanted;

/** A namespace takes all that is in it along. */
function deleted(old: Wanted, now: Wanted): CheckFailure[] {
  if (old.namespacesAre !== 'created' || now.namespacesAre !== 'existing') return [];
  const reason =
    'cluster.namespaces is existing and was created: the namespaces that the stack has made would leave it, and be deleted with ' +
    'everything in them. Set cluster.namespaces: released and run up, which lets go of them; then set existing.';
  return [{ property: 'namespacesAre', reason }];
}

async function clusterUid(call: Call): Promise<string | undefined> {
  const client = await call.services.cluster();
  const { signal } = call;
  try {
    const path = '/api/v1/namespaces/kube-system';
    const { body } = await client.request({ method: 'GET', path, repeatable: true, signal });
    return textAt(body, 'metadata', 'uid');
  } catch (error) {
    if (!isForbidden(error)) throw error;
    call.warn(`whether the cluster is the stack's was not looked at, as rights are missing: ${error.message}`);
    return undefined;
  }
}

function requireSame(live: string, named: string | undefined, recorded: string | undefined): void {
  const known = named ?? recorded;
  if (known === undefined || known === live) return;
  const is = `the namespace kube-system of the cluster that cluster.context names has the uid ${live}`;
  if (named !== undefined) {
    throw new UserError(
      `cluster.uid is ${named}, and ${is}: it is another cluster. Nothing was changed. Name the context of the right one, or mend cluster.uid.`,
    );
  }
  throw new UserError(
    `${is}, and the stack is on another cluster, with ${known}. Nothing was changed. Name the right context. If the cluster ` +
      `was made anew, say so with cluster.uid: ${live}, change nothing else, and run up, refresh, and up again.`,
  );
}

/**
 * @param isFirst nothing tells how the stack had its namespaces before
 * @throws UserError naming those that are not there, or that may be the stack's own
 */
async function requireNamespaces(call: Call, names: readonly string[], isFirst: boolean): Promise<void> {
  const client = await call.services.cluster();
  const found = await Promise.all(names.map(async (name) => [name, await namespaceOf(client, name)] as const));
  const missing = found.flatMap(([name, namespace]) => (namespace === undefined ? [name] : []));
  if (missing.length > 0) {
    throw new UserError(
      `cluster.namespaces is existing, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there. Have them made ` +
        '(kubectl create namespace NAME), or set cluster.namespaces: created.',
    );
  }
  if (!isFirst) return;
  const own = found.flatMap(([name, namespace]) =>
    at(namespace ?? {}, 'metadata', 'labels', PART_OF) === NETWORK ? [name] : [],
  );
  if (own.length === 0) return;
  throw new UserError(
    `cluster.namespaces is existing, and this program has made ${own.join(', ')} (label ${PART_OF}): if it was this stack, they would be deleted ` +
      'with everything in them. Set cluster.namespaces: released and run up first. If it was a stack that is no more, take the label off: ' +
      `kubectl label namespace ${own.join(' ')} ${PART_OF}-`,
  );
}

const namespaceOf = (client: ApiClient, name: string) => find(client, `/api/v1/namespaces/${encodeURIComponent(name)}`);
