import { ADOPTING_MANAGER } from '../../infra/workload/adopting-manager';
import { type JsonMap, textAt } from '../../kubernetes-api';
import type { StackObject } from '../stack-objects/objects';
import { type HandOver, handOver } from './hand-over';

/** What can be found under the path of an object. */
export interface Reader {
  find(path: string): Promise<JsonMap | undefined>;
}

/** An object of the stack that upstream's installer has made too. */
export interface Installed {
  object: StackObject;
  /** In the API. */
  path: string;
  handOver: HandOver;
}

/** What a stack and the cluster have of upstream's network. */
export interface Installation {
  installed: readonly Installed[];
  /** Of the same kinds, what the stack has and the cluster has not: it is made by `make up`. */
  missing: readonly StackObject[];
}

const PLACES: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  PersistentVolume: '/api/v1/persistentvolumes',
  PersistentVolumeClaim: '/api/v1/namespaces/NAMESPACE/persistentvolumeclaims',
  Service: '/api/v1/namespaces/NAMESPACE/services',
  Deployment: '/apis/apps/v1/namespaces/NAMESPACE/deployments',
};

/** Path of an object in the API. */
export function pathOf({ kind, namespace = '', name }: Omit<StackObject, 'content' | 'apiVersion'>): string {
  return `${PLACES[kind]?.replace('NAMESPACE', namespace) ?? ''}/${name}`;
}

/** Reads what the cluster has of the objects that the stack takes over. */
export async function readInstallation(cluster: Reader, objects: readonly StackObject[]): Promise<Installation> {
  const wanted = objects.filter(
    ({ content }) => textAt(content, 'metadata', 'annotations', 'pulumi.com/patchFieldManager') === ADOPTING_MANAGER,
  );
  const found = await Promise.all(
    wanted.map(async (object) => {
      const path = pathOf(object);
      const live = await cluster.find(path);
      return { object, path, live };
    }),
  );
  return {
    installed: found.flatMap(({ live, ...place }) => (live ? [{ ...place, handOver: handOver(live) }] : [])),
    missing: found.flatMap(({ object, live }) => (live ? [] : [object])),
  };
}
