import type { Registration } from '../pulumi-mocks';

/** A Kubernetes object as a program registered it. */
export interface KubernetesObject {
  resource: Registration;
  kind: string;
  name: string;
  /** Undefined for cluster-scoped objects. */
  namespace: string | undefined;
}

/** Kinds that belong to no namespace. */
const clusterScoped = new Set(['Namespace', 'Node', 'PersistentVolume', 'StorageClass', 'PriorityClass']);

/** The Kubernetes objects of a stack; patches of objects that others own are left out. */
export function kubernetesObjects(resources: readonly Registration[]): KubernetesObject[] {
  return resources
    .filter(({ type }) => type.startsWith('kubernetes:') && !type.endsWith('Patch'))
    .map((resource) => {
      const { name, namespace } = metadataOf(resource);
      return { resource, kind: String(resource.inputs.kind), name: String(name), namespace: asText(namespace) };
    });
}

/** Metadata of an object; empty where there is none. */
export function metadataOf({ inputs }: Registration): Record<string, unknown> {
  return record(inputs.metadata);
}

/** Whether objects of the kind live in a namespace. */
export function isNamespaced(kind: string): boolean {
  return !clusterScoped.has(kind);
}

/** Labels of the pods that a Deployment or a StatefulSet makes, one set a pod where pods are told apart by name. */
export function podLabels(objects: readonly KubernetesObject[], namespace: string | undefined) {
  return objects
    .filter((object) => object.namespace === namespace)
    .flatMap(({ resource, name }) => {
      const spec = record(resource.inputs.spec);
      const labels = record(record(record(spec.template).metadata).labels);
      if (Object.keys(labels).length === 0) return [];
      return Array.from({ length: Number(spec.replicas ?? 1) }, (_, index) => ({
        ...labels,
        'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
      }));
    });
}

/** The labels by which a Service, a disruption budget or a network policy selects pods; undefined for other kinds. */
export function selectorOf({ kind, resource }: KubernetesObject): Record<string, unknown> | undefined {
  const spec = record(resource.inputs.spec);
  const selectors: Record<string, unknown> = {
    Service: spec.selector,
    PodDisruptionBudget: record(spec.selector).matchLabels,
    NetworkPolicy: record(spec.podSelector).matchLabels,
  };
  return kind in selectors ? record(selectors[kind]) : undefined;
}

/** Whether an object with these labels is selected. */
export function selects(selector: Record<string, unknown>, labels: Record<string, unknown>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Every object inside a value, the value itself included, at whatever depth. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [record(value), ...Object.values(value).flatMap(objectsIn)];
}

function record(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
