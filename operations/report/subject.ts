import { DATABASE_SECTIONS, DATABASES, type DatabaseKey, POLICY_CODE } from '../../infra/catalogue';
import type { Step } from './plan';

/** The part of the network that a resource belongs to: what a reader knows by name. */
export type Subject =
  | { kind: 'database'; name: string; section: DatabaseKey }
  | { kind: 'service'; name: string }
  | { kind: 'governance'; name: string }
  | { kind: 'namespace'; name: string }
  | { kind: 'other'; name: string };

const GOVERNANCE = new Set(['Governance', 'Onboarding', 'PolicyBindings']);

/** The subject of a resource, by the component that it is part of. */
export function subjectOf({ type, name, parent }: Step): Subject {
  const own = lastOf(type);
  const around = parent === undefined ? '' : lastOf(parent.type);
  if (own === 'MongoReplicaSet' || own === 'DataPlacement') return database(name);
  if (around === 'MongoReplicaSet') return database(parent?.name ?? name);
  if (own === 'NetworkService') return { kind: 'service', name };
  if (around === 'NetworkService') return { kind: 'service', name: parent?.name ?? name };
  if (own === 'PolicyCodeServer' || around === 'PolicyCodeServer') return { kind: 'service', name: POLICY_CODE.name };
  if (type.startsWith('aios:governance:') || GOVERNANCE.has(own) || GOVERNANCE.has(around)) {
    return { kind: 'governance', name: 'policies' };
  }
  if (own === 'NetworkNamespace') return { kind: 'namespace', name };
  if (around === 'NetworkNamespace') return { kind: 'namespace', name: parent?.name ?? name };
  return { kind: 'other', name };
}

/** The last part of a type: `Deployment`. */
export const lastOf = (type: string) => type.split(':').at(-1) ?? type;

/** Subjects with the same key are the same. */
export const subjectKey = ({ kind, name }: Subject) => `${kind} ${name}`;

function database(name: string): Subject {
  const section = DATABASE_SECTIONS.find((candidate) => DATABASES[candidate].name === name);
  return section === undefined ? { kind: 'other', name } : { kind: 'database', name, section };
}
