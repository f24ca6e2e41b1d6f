import { type Json, mapAt, numberAt, textAt } from '../../kubernetes-api';
import type { Cluster } from './api';
import type { Say } from './job';
import { paths, type Place } from './place';

/** A Deployment whose pods write into the database. */
export interface Client {
  readonly name: string;
  /** How many pods it is to have, once it runs again. */
  readonly replicas: number;
}

/** Keeps, on a Deployment that is stopped, how many pods it had: a restore that was killed is repeated. */
const REPLICAS_BEFORE = 'aios-network/replicas-before-restore';

/** The Deployments whose pods may connect to the database, by the label that lets them. */
export async function clientsOf(cluster: Cluster, { namespace, source }: Place): Promise<Client[]> {
  const all = await cluster.list(paths.deployments(namespace));
  const wanted = Object.entries(source.clientLabels);
  const isClient = (deployment: Json) => {
    const labels = mapAt(deployment, 'spec', 'template', 'metadata', 'labels');
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  };
  return all.filter(isClient).map((deployment) => {
    const before = textAt(deployment, 'metadata', 'annotations', REPLICAS_BEFORE);
    const replicas = before === '' ? numberAt(deployment, 'spec', 'replicas') : Number(before);
    return { name: textAt(deployment, 'metadata', 'name'), replicas };
  });
}

/** Stops them all, and waits until none of their pods is left. */
export async function stopClients(cluster: Cluster, place: Place, clients: readonly Client[], say: Say): Promise<void> {
  for (const { name, replicas } of clients) {
    await cluster.patch(`${paths.deployments(place.namespace)}/${name}`, {
      metadata: { annotations: { [REPLICAS_BEFORE]: `${replicas}` } },
      spec: { replicas: 0 },
    });
  }
  let told = '';
  for (;;) {
    const left = await podsOf(cluster, place, clients);
    if (left.length === 0) return;
    const text = `Waiting: ${left.join(', ')} to stop`;
    if (text !== told) say(text);
    told = text;
    await cluster.wait();
  }
}

/** Starts them with as many pods as they had. */
export async function startClients(cluster: Cluster, { namespace }: Place, clients: readonly Client[]): Promise<void> {
  for (const { name, replicas } of clients) {
    await cluster.patch(`${paths.deployments(namespace)}/${name}`, {
      metadata: { annotations: { [REPLICAS_BEFORE]: null } },
      spec: { replicas },
    });
  }
}

async function podsOf(cluster: Cluster, place: Place, clients: readonly Client[]): Promise<string[]> {
  const pods = await cluster.list(paths.pods(place.namespace), place.source.clientLabels);
  const apps = new Set(clients.map(({ name }) => name));
  return pods
    .filter((pod) => apps.has(textAt(pod, 'metadata', 'labels', 'app')))
    .map((pod) => textAt(pod, 'metadata', 'name'));
}

/** Their names, and how many pods they have where that is not one. */
export const clientText = (clients: readonly Client[]) =>
  clients.map(({ name, replicas }) => (replicas === 1 ? name : `${name} (${replicas})`)).join(', ');
