import { UserError } from '../../../shared/errors';
import { type PropertyMap, Secret, type Value, isPropertyMap } from '../../values/value';
import { ApiError, type JsonMap, isConflict, textAt } from '../../../../kubernetes-api';
import { ANNOTATIONS } from './annotations';
import { type ObjectReference, describe } from './object';
import { type Owner, holdsData, ownerOf } from './owner';

/** One field that another manager owns with another value. */
interface FieldConflict {
  field: string;
  manager: string;
}

/** The fields and managers that a refused apply names; empty for conflicts of another kind. */
export function fieldConflicts(error: ApiError): FieldConflict[] {
  const owner = /^conflict with "([^"]*)"/;
  return error.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({ field, manager: owner.exec(message)?.[1] ?? 'another manager' }));
}

export function alreadyExists(reference: ObjectReference, live: JsonMap): UserError {
  const owner = ownerOf(live);
  const created = textAt(live, 'metadata', 'creationTimestamp');
  return new UserError(
    `${describe(reference)} already exists and is not in this stack: ${owner.description}, created ${created}. ${wayOut(reference, owner)}`,
  );
}

function wayOut(reference: ObjectReference, { description, isManaged }: Owner): string {
  if (isManaged) {
    const other = description.includes('Pulumi')
      ? 'Work with the state of that stack (its backend and its name)'
      : 'Leave it to its owner';
    return `${other}, or choose another context or another name in this stack's file.`;
  }
  const takeOver = `run up once with PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true in the environment: it takes over whatever this stack would create and exists`;
  if (holdsData(reference)) return `It may hold data. If an earlier installation left it, ${takeOver}.`;
  return `If an earlier installation left it, ${takeOver}; if nobody needs it, delete it.`;
}

export function noSuchObject(reference: ObjectReference): UserError {
  return new UserError(
    `${describe(reference)} does not exist: a Patch resource changes an object that something else creates. ` +
      'Check the name, or create the object before (dependsOn).',
  );
}

export function vanished(reference: ObjectReference): UserError {
  return new UserError(
    `${describe(reference)} does not exist any more, though the state has it: somebody deleted it. ` +
      'Run refresh, and the next update creates it again.',
  );
}

/**
 * The error for people: which object, what the API server says, and what to do.
 *
 * @param inputs of the object: their secrets are blacked out in what the API server quotes
 */
export function explain(reference: ObjectReference, action: string, error: unknown, inputs: PropertyMap = {}): unknown {
  if (!(error instanceof ApiError)) return error;
  const conflicts = isConflict(error) ? fieldConflicts(error) : [];
  if (conflicts.length > 0) return new UserError(describeConflicts(reference, conflicts));
  const message = blackOut(error.message, secretTexts(inputs));
  return new UserError(`cannot ${action} ${describe(reference)}: ${message}${hint(reference, error)}`);
}

const blackOut = (message: string, secrets: string[]) =>
  secrets.reduce((result, secret) => result.replaceAll(secret, '[secret]'), message);

/** The longest first, as one may be a part of another. Tiny ones would black out half of the message. */
function secretTexts(value: Value, within = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    return within && text.length > 2 ? [text, Buffer.from(text, 'base64').toString()] : [];
  }
  const items = Array.isArray(value) ? value : isPropertyMap(value) ? Object.values(value) : [];
  return items
    .flatMap((item) => secretTexts(item, within))
    .filter((text) => text.length > 2)
    .sort((a, b) => b.length - a.length);
}

function describeConflicts(reference: ObjectReference, conflicts: FieldConflict[]): string {
  const fields = conflicts.map(({ field, manager }) => `  ${field} is set by "${manager}"`).join('\n');
  return (
    `${describe(reference)}: other managers own fields that this update changes:\n${fields}\n` +
    `Take the fields with the annotation ${ANNOTATIONS.patchForce}: "true" on the object, or leave them to the other ` +
    'manager: remove them from the program or name them in ignoreChanges.'
  );
}

/** What the API server says of a field that it never changes; the rest of its words is for programmers. */
const IMMUTABLE = /field is immutable|updates to .* forbidden|may not (be changed|change)|is immutable after creation/;

function hint(reference: ObjectReference, { code, message }: ApiError): string {
  if (code === 401) return '. The credentials of the kubeconfig are not valid (any more): log in again.';
  if (!IMMUTABLE.test(message)) return '';
  return holdsData(reference)
    ? ". Kubernetes never changes this of an existing object, and making it anew would lose its data: undo the change in the stack's file."
    : '. Kubernetes never changes this of an existing object: undo the change, or delete the object, refresh, and run up again.';
}
