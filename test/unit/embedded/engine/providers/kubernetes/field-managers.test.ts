import { ApiError, JsonMap } from '../../../../../../embedded/shared/kubernetes';
import { alreadyExists, explain } from '../../../../../../embedded/engine/providers/kubernetes/errors';
import { adoptOwnUpdates, wasCreatedBy } from '../../../../../../embedded/engine/providers/kubernetes/field-managers';
import { Secret } from '../../../../../../embedded/engine/values/value';

const own = 'pulumi-kubernetes-1e5d91ae';

const entry = (manager: string, operation: string, fieldsV1: JsonMap, rest: JsonMap = {}): JsonMap => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  time: '2026-01-01T00:00:00Z',
  fieldsV1,
  ...rest,
});

const object = (...managedFields: JsonMap[]): JsonMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'ns',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields,
  },
});

test('what pulumi set by updates becomes applied by the resource’s manager, all else stays', () => {
  const controller = entry('controller', 'Update', { 'f:data': { 'f:c': {} } });
  const status = entry('pulumi-kubernetes', 'Update', { 'f:status': {} }, { subresource: 'status' });
  const live = object(
    entry(own, 'Apply', { 'f:data': { 'f:a': {} } }),
    entry('pulumi-kubernetes', 'Update', { 'f:data': { '.': {}, 'f:b': {} } }),
    controller,
    status,
  );
  expect(adoptOwnUpdates(live, own)).toEqual([
    {
      op: 'replace',
      path: '/metadata/managedFields',
      value: [controller, status, entry(own, 'Apply', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } })],
    },
    { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
  ]);
  expect(adoptOwnUpdates(object(entry(own, 'Apply', {}), controller), own)).toBeUndefined();
});

test('an object was created by a manager before which nobody set a field', () => {
  const ours = entry(own, 'Apply', {}, { time: '2026-01-01T00:00:05Z' });
  expect(wasCreatedBy(object(ours, entry('controller', 'Update', {}, { time: '2026-01-01T00:00:06Z' })), own)).toBe(
    true,
  );
  expect(wasCreatedBy(object(ours, entry('kubectl', 'Update', {})), own)).toBe(false);
});

const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'a' };

test('a conflict names each field, who has it, and what to do', () => {
  const error = new ApiError(409, {
    message: 'Apply failed with 2 conflicts',
    reason: 'Conflict',
    details: {
      causes: [
        { reason: 'FieldManagerConflict', message: 'conflict with "kubectl-edit" using v1', field: '.data.a' },
        { reason: 'FieldManagerConflict', message: 'conflict with "helm" using v1', field: '.data.b' },
      ],
    },
  });
  expect((explain(reference, 'update', error) as Error).message).toBe(
    'ConfigMap ns/a: other managers own fields that this update changes:\n' +
      '  .data.a is set by "kubectl-edit"\n' +
      '  .data.b is set by "helm"\n' +
      'Take the fields with the annotation pulumi.com/patchForce: "true" on the object, or leave them to the other ' +
      'manager: remove them from the program or name them in ignoreChanges.',
  );
});

test('an object in the way is named with its makers and three ways out', () => {
  const message = alreadyExists(reference, object(entry('kubectl-create', 'Update', {}))).message;
  expect(message).toMatch(/^ConfigMap ns\/a already exists .*kubectl-create/);
  expect(message).toMatch(/import: "ns\/a".*upsertExistingObjects.*delete it/);
});

test('secrets that the API server quotes are blacked out', () => {
  const error = new ApiError(422, { message: 'data: Invalid value: "geheim": expected base64; Z2VoZWlt' });
  const inputs = { data: new Secret({ password: 'Z2VoZWlt' }) };
  expect((explain(reference, 'create', error, inputs) as Error).message).toBe(
    'cannot create ConfigMap ns/a: data: Invalid value: "[secret]": expected base64; [secret]',
  );
});
