/** A field of a service, in a form in which upstream's and ours compare. */
export interface ServiceField {
  service: string;
  /** Container, where it isn't the service's own. */
  container?: string;
  field: string;
  value: string;
}

/** A container, as far as upstream's list describes it. */
export interface ComparedContainer {
  name: string;
  image: string;
  imagePullPolicy: string | null;
  ports: number[];
  /** Connection strings as `mongodb://<whose>` with an optional `/database`. */
  env: Record<string, string>;
}

/** A Service, as far as upstream's list describes it. */
export interface ComparedService {
  name: string;
  type: string;
  selector: Record<string, string>;
  ports: { name?: string; port: number; targetPort: number; nodePort?: number }[];
}

/** A Deployment with its Services: an entry of upstream's list. */
export interface ComparedDeployment {
  deployment: string;
  namespace: string;
  app: string;
  replicas: number;
  containers: ComparedContainer[];
  services: ComparedService[];
}

/** Every field of a Deployment and its Services by itself. */
export function serviceFields(entry: ComparedDeployment): ServiceField[] {
  const service = entry.deployment;
  const [own] = entry.containers;
  const plain = {
    namespace: entry.namespace,
    app: entry.app,
    replicas: `${entry.replicas}`,
    containers: entry.containers.map(({ name }) => name).join(),
    services: entry.services.map(({ name }) => name).join(),
  };
  return [
    ...fieldsOf({ service }, plain),
    ...entry.services.flatMap((one) => fieldsOf({ service }, networkFields(one))),
    ...entry.containers.flatMap((one) =>
      fieldsOf(one === own ? { service } : { service, container: one.name }, containerFields(one)),
    ),
  ];
}

function fieldsOf(place: { service: string; container?: string }, fields: Record<string, string>): ServiceField[] {
  return Object.entries(fields).map(([field, value]) => ({ ...place, field, value }));
}

function networkFields({ type, selector, ports }: ComparedService): Record<string, string> {
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const fields = ports.flatMap(({ name, port, targetPort, nodePort }) => {
    const suffix = name === undefined ? '' : `.${name}`;
    return [
      [`port${suffix}`, `${port}`],
      [`targetPort${suffix}`, `${targetPort}`],
      [`nodePort${suffix}`, nodePort === undefined ? '' : `${nodePort}`],
    ];
  });
  return { type, selector: labels.sort().join(), ...(Object.fromEntries(fields) as Record<string, string>) };
}

function containerFields({ image, imagePullPolicy, ports, env }: ComparedContainer): Record<string, string> {
  const isLatest = !/:[^/]+$/.test(image) || image.endsWith(':latest');
  const variables = Object.entries(env).flatMap(([name, value]) => variableFields(`env.${name}`, value));
  return {
    image: withoutLatest(image),
    imagePullPolicy: imagePullPolicy ?? (isLatest ? 'Always' : 'IfNotPresent'),
    containerPorts: ports.join(),
    ...Object.fromEntries(variables),
  };
}

function variableFields(field: string, value: string): [string, string][] {
  if (value.startsWith('{')) return [[field, JSON.stringify(sorted(JSON.parse(value) as Record<string, unknown>))]];
  const [, members, database = ''] = /^(mongodb:\/\/[^/]+)(?:\/(.*))?$/.exec(value) ?? [];
  if (members === undefined) return [[field, value]];
  return [
    [field, members.replace(/\/\/[a-z-]+-0\..*/, '//<member 0>')],
    ...(database === '' ? [] : [[`${field}.database`, database] satisfies [string, string]]),
  ];
}

function sorted(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** No tag and the tag latest are one. */
function withoutLatest(image: string): string {
  return image.replace(/:latest$/, '');
}
