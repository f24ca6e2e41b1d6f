import { type SecretText, jsonText } from './json-text';
import type { ResourceState } from './resource-state';
import { isOmitted } from './same-state';

/** Keys of a resource in the order in which the CLI writes them. */
const KEY_ORDER = (
  'urn custom delete id type inputs outputs parent protect taint external dependencies initErrors provider ' +
  'propertyDependencies pendingReplacement additionalSecretOutputs aliases customTimeouts importID retainOnDelete ' +
  'deletedWith replaceWith created modified sourcePosition stackTrace ignoreChanges hideDiff replaceOnChanges'
).split(' ');

/** Those that the CLI alone interprets: they are kept in `rest`, as are keys that are not known. */
const ofCli = new Set('taint importID deletedWith replaceWith sourcePosition stackTrace hideDiff'.split(' '));

const interpreted: ReadonlySet<string> = new Set(KEY_ORDER.filter((key) => !ofCli.has(key)));

const alwaysWritten: ReadonlySet<string> = new Set(['urn', 'custom', 'type']);

/** A resource of a parsed deployment, its secrets revived, as the engine holds it. */
export function resourceFromJson(json: Record<string, unknown>): ResourceState {
  const known: Record<string, unknown> = { custom: false, inputs: {}, outputs: {} };
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (value === null) continue;
    if (interpreted.has(key)) known[key] = value;
    else rest[key] = value;
  }
  const state = known as unknown as ResourceState;
  return Object.keys(rest).length > 0 ? { ...state, rest } : state;
}

/** The resource as the CLI writes it into a deployment; empty and false members are left out. */
export function resourceText(resource: ResourceState, secretText: SecretText): string {
  const { rest, ...known } = resource;
  const members: Record<string, unknown> = { ...rest, ...known };
  const others = Object.keys(members).filter((key) => !KEY_ORDER.includes(key));
  const parts = [...KEY_ORDER, ...others.sort()]
    .filter((key) => alwaysWritten.has(key) || !isOmitted(members[key]))
    .map((key) => `${JSON.stringify(key)}:${jsonText(members[key], key, secretText)}`);
  return `{${parts.join(',')}}`;
}
