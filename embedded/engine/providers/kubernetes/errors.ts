import { UserError } from '../../errors';
import { ApiError, isConflict } from './api/api-error';
import { annotations } from './annotations';
import { managersOf } from './field-managers';
import { JsonMap, textAt } from './json';
import { ObjectReference, describe, objectId } from './object';

/** One field that another manager owns with another value. */
export interface FieldConflict {
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
  const id = objectId(reference.namespace, reference.name);
  return new UserError(
    `${describe(reference)} already exists (created ${textAt(live, 'metadata', 'creationTimestamp')}, ` +
      `fields set by: ${managersOf(live)}) and is not in this stack. Take it over with the resource option ` +
      `import: "${id}", let creates take over whatever exists with the provider setting upsertExistingObjects, ` +
      'or delete it.',
  );
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

/** The error for people: which object, what the API server says, and what to do. */
export function explain(reference: ObjectReference, action: string, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const conflicts = isConflict(error) ? fieldConflicts(error) : [];
  if (conflicts.length > 0) return new UserError(describeConflicts(reference, conflicts));
  return new UserError(`cannot ${action} ${describe(reference)}: ${error.message}${hint(error)}`);
}

function describeConflicts(reference: ObjectReference, conflicts: FieldConflict[]): string {
  const fields = conflicts.map(({ field, manager }) => `  ${field} is set by "${manager}"`).join('\n');
  return (
    `${describe(reference)}: other managers own fields that this update changes:\n${fields}\n` +
    `Take the fields with the annotation ${annotations.patchForce}: "true" on the object, or leave them to the other ` +
    'manager: remove them from the program or name them in ignoreChanges.'
  );
}

function hint({ code, message }: ApiError): string {
  if (code === 401) return '. The credentials of the kubeconfig are not valid (any more): log in again.';
  if (/field is immutable|updates to .* forbidden|may not (be changed|change)/.test(message)) {
    return '. The API server never changes this field of an existing object: put it into replaceOnChanges, or undo the change.';
  }
  return '';
}
