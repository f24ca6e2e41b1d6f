import { NAMESPACES } from '../../../infra/catalogue';
import { ADOPTING_MANAGER } from '../../../infra/workload/adopting-manager';
import { type Json, isJsonMap, textAt } from '../../../kubernetes-api';
import { handOver } from '../../adopt/hand-over';
import { type StackObject, describeObject } from '../../stack-objects/objects';
import { type Cluster, collectionPath } from '../../cluster/cluster';
import { groupBy } from '../../group-by';
import { type Finding, findingsOf, someOf } from '../finding';
import type { Check } from '../check';

const { ok, problem } = findingsOf('names');

/** Where the objects of the program say whose they are. */
const OWNER = { label: 'app.kubernetes.io/part-of', value: 'aios-network' };

/** An object of a stack, and what the cluster has under its name. */
export interface Occupied {
  object: StackObject;
  live: Json;
}

/** What somebody else made is never taken over unasked. */
export function judgeNames(occupied: readonly Occupied[], asked: number): Finding[] {
  const foreign = occupied.filter(({ live }) => textAt(live, 'metadata', 'labels', OWNER.label) !== OWNER.value);
  const adopted = foreign.filter(isToBeAdopted);
  const strange = foreign.filter((one) => !adopted.includes(one));
  const own = occupied.length - foreign.length;
  const free = asked - occupied.length;
  return [
    ...(strange.length === 0 ? [ok(`${free} of ${asked} free, ${own} made by this program`)] : judgeStrange(strange)),
    ...(adopted.length === 0 ? [] : [judgeAdopted(adopted)]),
  ];
}

/** Whether the stack is to take the object over from upstream's installer. */
function isToBeAdopted({ object }: Occupied): boolean {
  const manager = textAt(object.content, 'metadata', 'annotations', 'pulumi.com/patchFieldManager');
  return manager === ADOPTING_MANAGER;
}

function judgeAdopted(found: readonly Occupied[]): Finding {
  const open = found.filter(({ live }) => !isJsonMap(live) || handOver(live).state !== 'done');
  if (open.length === 0) return ok(`${found.length} made by upstream's installer, and handed over`);
  const names = someOf(open.map(({ object }) => describeObject(object)));
  return problem(`${names} made by upstream's installer, and not handed over`, 'make adopt (docs/adopt.md)');
}

function judgeStrange(foreign: readonly Occupied[]): Finding[] {
  const byKind = groupBy(foreign, ({ object }) => object.kind);
  return [...byKind.values()].map((found) => {
    const { kind, name, namespace } = found[0].object;
    const where = namespace === undefined ? '' : ` -n ${namespace}`;
    return problem(
      `${someOf(found.map(({ object }) => describeObject(object)))} there already, of somebody else`,
      `make room (kubectl delete ${kind.toLowerCase()} ${name}${where}), or take it over: docs/first-cluster.md`,
    );
  });
}

async function liveOf(cluster: Cluster, { apiVersion, kind, namespace, name }: StackObject): Promise<Json | undefined> {
  const served = await cluster.kind(apiVersion, kind);
  return served && cluster.get(`${collectionPath(served, namespace)}/${name}`);
}

/** Namespaces that the stack expects to find. */
export function judgeNamespaces(missing: readonly string[]): Finding[] {
  if (missing.length === 0) return [];
  return [
    problem(
      `cluster.namespaces is existing, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`,
      `have them made (${missing.map((name) => `kubectl create namespace ${name}`).join('; ')}), or set created`,
    ),
  ];
}

/** Whether the names of the stack's objects are free, or held by what the program has made. */
export const namesCheck: Check = async ({ objects, config }, cluster) => {
  const namespaces = await cluster.namespaces();
  const missing = config.namespaces.are === 'existing' ? NAMESPACES.filter((name) => !namespaces.has(name)) : [];
  const possible = objects.filter(({ namespace }) => namespace === undefined || namespaces.has(namespace));
  const found = await Promise.all(
    possible.map(async (object) => {
      const live = await liveOf(cluster, object);
      return live === undefined ? [] : [{ object, live }];
    }),
  );
  return [...judgeNamespaces(missing), ...judgeNames(found.flat(), objects.length)];
};
