import { type EnvReference, type EnvSource, type EnvValue, hostOf, urlOf } from '../../catalogue';
import type { Sections } from '../sections';
import { type AddressSettings, advertisedUrl } from './addresses';
import type { Images } from './images';

/** What environment variables are looked up in. */
export interface Lookup extends AddressSettings {
  images: Images;
  redis: Sections['services']['redis'];
}

/**
 * The environment of a container, in the order given, so that a variable may refer to an earlier one by `$(NAME)`, as
 * Kubernetes allows.
 *
 * @param user whose environment it is
 */
export function resolveEnvironment(
  variables: Readonly<Record<string, EnvSource>>,
  user: string,
  lookup: Lookup,
): Record<string, EnvValue> {
  const entries = Object.entries(variables).map(([name, source]) => [name, resolveVariable(source, user, lookup)]);
  return Object.fromEntries(entries) as Record<string, EnvValue>;
}

/** Variables with others over them; the ones that are new come last, sorted, whatever their order in the stack's file. */
export function mergeEnvironment<Value>(
  variables: Readonly<Record<string, Value>>,
  overrides: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const added = Object.entries(overrides).sort(([left], [right]) => (left < right ? -1 : 1));
  return { ...variables, ...Object.fromEntries(added) };
}

/** The text that a source stands for which is no reference to another object. */
export function resolveText(source: Exclude<EnvSource, EnvReference>, user: string, lookup: Lookup): string {
  if (typeof source === 'string') return source;
  switch (source.from) {
    case 'service':
      return `${urlOf(source.name, source.port, lookup.domain)}${source.path ?? ''}`;
    case 'host':
      return hostOf(source.name, lookup.domain);
    case 'advertised':
      return `${advertisedUrl(source.name, lookup)}${source.path ?? ''}`;
    case 'image':
      return lookup.images.of({ registry: 'network', path: source.path }, user);
  }
}

function resolveVariable(source: EnvSource, user: string, lookup: Lookup): EnvValue {
  return isReference(source) ? source : resolveText(source, user, lookup);
}

const REFERENCES: readonly string[] = ['database', 'publicDatabase', 'configMap'] satisfies EnvReference['from'][];

function isReference(source: EnvSource): source is EnvReference {
  return typeof source !== 'string' && REFERENCES.includes(source.from);
}
