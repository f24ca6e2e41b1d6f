import { catalogue } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import { parseImage } from '../../infra/config/image';
import { type JsonMap, listAt, mapAt, textAt } from '../../kubernetes-api';
import type { StackObject } from '../stack-objects/objects';

/** An image that has to be there for a stack to run. */
export interface UsedImage {
  /** As a pod names it. */
  image: string;
  /** Absent where a digest stands in its place. */
  tag?: string;
  /** Where the stack's file says it. */
  digest?: string;
  /** Containers of this cluster that run it: `namespace/workload/container`. */
  containers: string[];
  /** Variables by which services hand it on, to be run in clusters of the network: `service/VARIABLE`. */
  handedOn: string[];
}

const GATEWAY = 'cluster-controller-gateway';

/**
 * Every image that a stack's pods pull, init containers and sidecars included, and those that its services have other
 * clusters of the network run, from the same registry.
 */
export function usedImages(objects: readonly StackObject[], config: NetworkConfig): UsedImage[] {
  const images = new Map<string, UsedImage>();
  const entry = (image: string) => {
    const known = images.get(image) ?? { image, ...parseImage(image), containers: [], handedOn: [] };
    images.set(image, known);
    return known;
  };
  for (const { image, place } of objects.flatMap(containersOf)) entry(image).containers.push(place);
  for (const { image, place } of handedOn(config)) entry(image).handedOn.push(place);
  return [...images.values()].sort((left, right) => (left.image < right.image ? -1 : 1));
}

interface Use {
  image: string;
  place: string;
}

function containersOf({ namespace = '', name, content }: StackObject): Use[] {
  const pod = mapAt(content, 'spec', 'template', 'spec');
  const containers = [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')] as JsonMap[];
  return containers.map((container) => ({
    image: textAt(container, 'image'),
    place: `${namespace}/${name}/${textAt(container, 'name')}`,
  }));
}

/** What a stack's own environment says in place of the catalogue is handed on all the same. */
function handedOn({ services, gateway }: NetworkConfig): Use[] {
  const ofServices = Object.values(services).flatMap(({ name, containers: [{ env }] }) =>
    imageVariables(name).flatMap((variable) => {
      const value = env[variable];
      return typeof value === 'string' ? [{ image: value, place: `${name}/${variable}` }] : [];
    }),
  );
  const ofGateway = Object.entries(gateway.images).map(([key, image]) => ({ image, place: `${GATEWAY}/${key}` }));
  return [...ofServices, ...ofGateway];
}

function imageVariables(name: keyof typeof catalogue): string[] {
  return Object.entries(catalogue[name].definition.env ?? {})
    .filter(([, source]) => typeof source !== 'string' && source.from === 'image')
    .map(([variable]) => variable);
}
