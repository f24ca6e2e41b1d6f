import type { RawConfig } from '../../infra/config';
import { type JsonMap, isJsonMap, textAt } from '../../kubernetes-api';
import { acceptableSecret, masked } from './mask';
import { runProgram } from './program';
import type { Registered } from './registrations';

/** An object of Kubernetes as a stack wants it, secrets masked. */
export interface StackObject {
  apiVersion: string;
  kind: string;
  name: string;
  /** Absent: it belongs to the cluster. */
  namespace?: string;
  content: JsonMap;
  /** Paths of fields that updates leave as they are, whatever the content says; absent: none. */
  ignored?: readonly string[];
}

/** What a stack wants of its cluster. */
export interface StackObjects {
  /** In the order of their names. */
  objects: readonly StackObject[];
  /** What it changes of objects that somebody else has made: the labels of nodes. */
  patches: readonly StackObject[];
}

/**
 * Every object that the program makes for a stack, as it would go to the API server, without asking one.
 *
 * @throws pulumi.RunError if the configuration cannot be used
 */
export async function stackObjects(raw: RawConfig): Promise<StackObjects> {
  const registered = (await runProgram(raw)).filter(({ request }) => request.getType().startsWith('kubernetes:'));
  const isPatch = ({ request }: Registered) => request.getType().endsWith('Patch');
  const patches = registered.filter(isPatch).map(objectOf);
  const own = registered.filter((one) => !isPatch(one)).map((one) => withPatches(objectOf(one), patches));
  return {
    objects: own.sort(byPlace),
    patches: patches.filter((patch) => !own.some((object) => isSame(object, patch))).sort(byPlace),
  };
}

/** An object of the stack's own that other resources of the stack add to: the archives of policies, one by one. */
function withPatches(object: StackObject, patches: readonly StackObject[]): StackObject {
  const own = patches.filter((patch) => isSame(object, patch));
  return { ...object, content: own.reduce((content, patch) => merged(content, patch.content), object.content) };
}

function merged(base: JsonMap, patch: JsonMap): JsonMap {
  const changes = Object.entries(patch).map(([key, value]) => {
    const before = base[key];
    return [key, isJsonMap(before) && isJsonMap(value) ? merged(before, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(changes) };
}

const isSame = (one: StackObject, other: StackObject) => describeObject(one) === describeObject(other);

/** What an object is called in messages: kind, namespace and name. */
export function describeObject({ kind, namespace, name }: Omit<StackObject, 'content' | 'ignored'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function objectOf({ request }: Registered): StackObject {
  const inputs = masked(request.getObject()?.toJavaScript() ?? {}) as JsonMap;
  const content = textAt(inputs, 'kind') === 'Secret' ? acceptableSecret(inputs) : inputs;
  const namespace = textAt(content, 'metadata', 'namespace');
  const ignored = request.getIgnorechangesList();
  return {
    apiVersion: textAt(content, 'apiVersion'),
    kind: textAt(content, 'kind'),
    name: textAt(content, 'metadata', 'name'),
    ...(namespace !== '' && { namespace }),
    content,
    ...(ignored.length > 0 && { ignored }),
  };
}

function byPlace(left: StackObject, right: StackObject): number {
  const key = ({ namespace = '', kind, name }: StackObject) => `${namespace}/${kind}/${name}`;
  return key(left) < key(right) ? -1 : 1;
}
