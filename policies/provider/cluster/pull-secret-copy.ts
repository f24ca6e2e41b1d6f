import { type ApiClient, type JsonMap, find, isConflict, isNotFound, mapAt, textAt } from '../../../kubernetes-api';
import { type CheckFailure, Fields } from '../check/fields';
import { UserError } from '../errors';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import { type Properties, reveal } from '../wire/value';

interface Wanted {
  name: string;
  from: string;
  to: string;
  labels: Readonly<Record<string, string>>;
}

/** Types of Secrets that images are pulled with. */
const TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

/**
 * A copy of a pull Secret in another namespace: `aios:cluster:PullSecretCopy`. The state knows the version of the original that
 * was copied, and nothing of what it holds.
 */
export class PullSecretCopy implements ResourceHandler {
  readonly identity = ['name', 'to'];

  check(news: Properties): Checked {
    const failures: CheckFailure[] = [];
    const fields = new Fields(news, failures).only(['name', 'from', 'to', 'labels']);
    for (const key of ['name', 'from', 'to']) fields.text(key, { must: 'be a name', pattern: /\S/ });
    fields.object('labels');
    return { inputs: news, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    return difference(old.inputs, news);
  }

  /** @throws UserError if the original is not there any more */
  async examine(call: Call, old: State, inputs: Properties): Promise<Map<string, ChangeKind>> {
    const original = await originalOf(await call.services.cluster(), wanted(inputs));
    const isCurrent = versionOf(original) === old.outputs.version;
    return isCurrent ? new Map() : new Map<string, ChangeKind>([['from', 'update']]);
  }

  planned(inputs: Properties): Properties {
    return inputs;
  }

  /** @throws UserError if there is no original, or another Secret is in the place of the copy */
  async foresee(call: Call, inputs: Properties): Promise<void> {
    await look(await call.services.cluster(), wanted(inputs));
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const { name, to } = wanted(inputs);
    return { id: `${to}/${name}`, outputs: await copy(call, inputs) };
  }

  /** A copy that was changed by hand is copied anew by the next run. */
  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    if (state === undefined) return undefined;
    const client = await call.services.cluster();
    const place = wanted(state.inputs);
    const live = await find(client, pathOf(place.to, place.name));
    if (live === undefined) return undefined;
    const original = await find(client, pathOf(place.from, place.name));
    if (original === undefined || isSame(live, original)) return { id, ...state };
    return { id, inputs: state.inputs, outputs: { ...state.outputs, version: '' } };
  }

  update(call: Call, _old: Existing, inputs: Properties): Promise<Properties> {
    return copy(call, inputs);
  }

  async delete(call: Call, { inputs }: Existing): Promise<void> {
    const client = await call.services.cluster();
    const { name, to, labels } = wanted(inputs);
    const live = await find(client, pathOf(to, name));
    if (live === undefined || !isOurs(live, labels)) return;
    try {
      await client.request({ method: 'DELETE', path: pathOf(to, name), repeatable: true, signal: call.signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

const wanted = (inputs: Properties) => reveal(inputs) as unknown as Wanted;

const collectionOf = (namespace: string) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
const pathOf = (namespace: string, name: string) => `${collectionOf(namespace)}/${encodeURIComponent(name)}`;

/** Changes with every change of the Secret, and tells nothing of it. */
const versionOf = (secret: JsonMap) =>
  `${textAt(secret, 'metadata', 'uid')}/${textAt(secret, 'metadata', 'resourceVersion')}`;

const isOurs = (secret: JsonMap, labels: Wanted['labels']) =>
  Object.entries(labels).every(([key, value]) => textAt(secret, 'metadata', 'labels', key) === value);

const isSame = (one: JsonMap, other: JsonMap) =>
  textAt(one, 'type') === textAt(other, 'type') && equalData(mapAt(one, 'data'), mapAt(other, 'data'));

const equalData = (one: JsonMap, other: JsonMap) =>
  Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((key) => one[key] === other[key]);

async function originalOf(client: ApiClient, { name, from }: Wanted): Promise<JsonMap> {
  const original = await find(client, pathOf(from, name));
  const make = `kubectl create secret docker-registry ${name} -n ${from} …`;
  if (original === undefined) {
    throw new UserError(
      `services.pullSecretFrom: there is no Secret ${name} in namespace ${from} to copy, and no image could be pulled. Make it: ${make}`,
    );
  }
  const type = textAt(original, 'type');
  if (TYPES.includes(type)) return original;
  throw new UserError(
    `services.pullSecretFrom: Secret ${from}/${name} is of type ${type}, with which no image is pulled. Make it anew: ${make}`,
  );
}

/** What is to be copied, and what is in its place. One with the same content that somebody else has put there is taken for the copy. */
async function look(client: ApiClient, place: Wanted): Promise<{ original: JsonMap; live: JsonMap | undefined }> {
  const { name, from, to, labels } = place;
  const [original, live] = await Promise.all([originalOf(client, place), find(client, pathOf(to, name))]);
  if (live === undefined || isOurs(live, labels) || isSame(live, original)) return { original, live };
  throw new UserError(
    `services.pullSecretFrom: namespace ${to} has a Secret ${name} of somebody else, with other contents than ${from}/${name}. Make ` +
      `room: kubectl delete secret ${name} -n ${to}`,
  );
}

async function copy(call: Call, inputs: Properties): Promise<Properties> {
  const client = await call.services.cluster();
  const place = wanted(inputs);
  const { name, to } = place;
  const { original, live } = await look(client, place);
  const body = secretOf(place, original);
  const { signal } = call;
  // The type of a Secret never changes.
  if (live !== undefined && textAt(live, 'type') !== textAt(original, 'type')) {
    await client.request({ method: 'DELETE', path: pathOf(to, name), repeatable: true, signal });
  }
  const request = { body, signal, repeatable: true } as const;
  try {
    await client.request({ ...request, method: 'POST', path: collectionOf(to) });
  } catch (error) {
    if (!isConflict(error)) throw error;
    await client.request({ ...request, method: 'PUT', path: pathOf(to, name) });
  }
  return { ...inputs, version: versionOf(original) };
}

function secretOf({ name, to, labels }: Wanted, original: JsonMap): JsonMap {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: to, labels: { ...labels } },
    type: textAt(original, 'type'),
    data: mapAt(original, 'data'),
  };
}
