/** Stands for a value that a preview cannot know. A guardrail says nothing about it, in either direction. */
export const UNKNOWN = Symbol('unknown');

/** A resource of a stack as guardrails look at it. */
export interface Resource {
  /** For example kubernetes:apps/v1:Deployment. */
  readonly type: string;
  readonly name: string;
  /** Inputs, without secrets' wrappers; {@link UNKNOWN} for what is not known yet. */
  readonly props: Readonly<Record<string, unknown>>;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** A breach of a guardrail. */
export interface Breach {
  /** Undefined where something is missing that would be a resource. */
  readonly resource?: Resource;
  /** What is wrong with it. */
  readonly what: string;
}

/** A guardrail that looks at a resource by itself. */
export interface ResourceGuardrail {
  /** What to do about a breach. */
  readonly remedy: string;
  /** What is wrong with a resource, if anything. */
  readonly check: (resource: Resource) => string[];
}

/** A guardrail that looks at all resources of a stack. */
export interface StackGuardrail<Settings> {
  readonly remedy: string;
  readonly check: (resources: readonly Resource[], settings: Settings) => Breach[];
}

type Props = Readonly<Record<string, unknown>>;

/** A value at a dotted path; {@link UNKNOWN} where any step of it is. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split('.')) {
    if (found === UNKNOWN) return UNKNOWN;
    found = isObject(found) ? found[step] : undefined;
  }
  return found;
}

/** The known objects of a list; none where there is no list. */
export function objectsAt(value: unknown, path: string): Props[] {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** The text at a path; undefined where there is none, or it is not known. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** Whether nothing stands at a path: what is not known yet is something. */
export const isMissing = (value: unknown, path: string): boolean => [undefined, null].includes(at(value, path) as null);

export function isObject(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const WORKLOADS = /^kubernetes:(apps|batch)\/v1:(Deployment|StatefulSet|DaemonSet|Job|CronJob)$/;

/** The spec of the pods that a resource makes, if it makes any. */
export function podSpecOf({ type, props }: Resource): unknown {
  if (type === 'kubernetes:core/v1:Pod') return props.spec;
  if (!WORKLOADS.test(type)) return undefined;
  return at(props, type.endsWith(':CronJob') ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec');
}

/** All containers of a resource's pods, the ones that run first included. */
export function containersOf(resource: Resource): Props[] {
  const spec = podSpecOf(resource);
  return [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')];
}

/** How a container is called in a breach. */
export const nameOf = (container: Props): string => `container ${textAt(container, 'name') ?? 'without a name'}`;
