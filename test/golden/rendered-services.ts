import type { types } from '@pulumi/kubernetes';
import { ofType, type Registration } from '../pulumi-mocks';
import type { ComparedContainer, ComparedDeployment, ComparedService } from './service-fields';

type Deployment = types.output.apps.v1.Deployment;
type Service = types.output.core.v1.Service;
type Container = types.output.core.v1.Container;

/** Fields that upstream's services have, whatever their values. */
const upstreamFields = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'spec.replicas',
  'spec.type',
  'spec.selector',
  'spec.ports.name',
  'spec.ports.port',
  'spec.ports.targetPort',
  'spec.ports.nodePort',
  'spec.template.metadata.labels.app',
  'spec.template.spec.containers.name',
  'spec.template.spec.containers.image',
  'spec.template.spec.containers.imagePullPolicy',
  'spec.template.spec.containers.ports',
  'spec.template.spec.containers.env',
];

/** The services that a program registered, in the form of upstream's list. */
export function renderedDeployments(resources: readonly Registration[]): ComparedDeployment[] {
  const services = ofType(resources, 'kubernetes:core/v1:Service');
  const texts: Texts = new Map(
    [...ofType(resources, 'kubernetes:core/v1:ConfigMap'), ...ofType(resources, 'kubernetes:core/v1:Secret')].map(
      ({ inputs, name }) => [name, textsOf(inputs)] as const,
    ),
  );
  return ofType(resources, 'kubernetes:apps/v1:Deployment').map(({ inputs, parent }) => {
    const { metadata, spec } = inputs as unknown as Deployment;
    return {
      deployment: metadata.name,
      namespace: metadata.namespace,
      app: spec.template.metadata.labels.app ?? '',
      replicas: spec.replicas,
      containers: spec.template.spec.containers.map((container) => comparedContainer(container, texts)),
      services: services
        .filter((service) => service.parent === parent)
        .map((service) => comparedService(service.inputs as unknown as Service)),
    };
  });
}

/** Paths of an object's fields that upstream's services don't have; the elements of a list share one path. */
export function fieldPaths(object: unknown): string[] {
  return leaves(object, '').filter((path) => !upstreamFields.some((known) => `${path}.`.startsWith(`${known}.`)));
}

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => leaves(element, path));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function comparedContainer(container: Container, texts: Texts): ComparedContainer {
  // Absent lists are absent on the wire, whatever the SDK's types say.
  const { ports, env } = container as Partial<Container>;
  return {
    name: container.name,
    image: container.image,
    imagePullPolicy: container.imagePullPolicy,
    ports: (ports ?? []).map(({ containerPort }) => containerPort),
    env: Object.fromEntries((env ?? []).map((variable) => [variable.name, variableValue(variable, texts)])),
  };
}

function variableValue({ value, valueFrom }: Partial<types.output.core.v1.EnvVar>, texts: Texts): string {
  if (valueFrom === undefined) return value ?? '';
  const { configMapKeyRef, secretKeyRef } = valueFrom as Partial<types.output.core.v1.EnvVarSource>;
  const { name = '', key = '' } = configMapKeyRef ?? secretKeyRef ?? {};
  const text = texts.get(name)?.[key] ?? '';
  const { groups } = /^mongodb:..(?<user>[^:]+:[^@]+@)?(?<hosts>[^/]+)[/](?<database>[^?]*)/.exec(text) ?? {};
  if (groups === undefined) return text;
  const members = `${groups.user === undefined ? '' : '<user>:<password>@'}<all members>`;
  return `mongodb://${members}${groups.database === '' ? '' : `/${groups.database ?? ''}`}`;
}

/** What ConfigMaps and Secrets have, by their names. */
type Texts = ReadonlyMap<string, Readonly<Record<string, string>>>;

function textsOf({ data, stringData }: Registration['inputs']): Record<string, string> {
  const { value } = (stringData ?? {}) as { value?: Record<string, string> };
  return { ...(data as Record<string, string> | undefined), ...value };
}

function comparedService({ metadata, spec }: Service): ComparedService {
  return {
    name: metadata.name,
    type: spec.type,
    selector: spec.selector,
    ports: spec.ports.map(({ name, port, targetPort, nodePort }) => ({
      port,
      targetPort: Number(targetPort),
      ...((name as string | undefined) !== undefined && { name }),
      ...((nodePort as number | undefined) !== undefined && { nodePort }),
    })),
  };
}
