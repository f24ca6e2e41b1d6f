import { ApiError, type JsonMap } from '../../../../../../kubernetes-api';
import { alreadyExists, explain } from '../../../../../../embedded/engine/providers/kubernetes/errors';
import { Secret } from '../../../../../../embedded/engine/values/value';

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

const inTheWay = (kind: string, manager: string, metadata: JsonMap = {}) => {
  const managedFields = [
    { manager, operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z', fieldsV1: {} },
  ];
  const live = { metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', managedFields, ...metadata } };
  return alreadyExists({ ...reference, kind }, live).message;
};

test.each<[string, string, JsonMap, RegExp]>([
  [
    'another stack',
    'pulumi-kubernetes-1a2b3c4d',
    {},
    /another Pulumi stack \(field manager pulumi-kubernetes-1a2b3c4d\).*state of that stack/,
  ],
  [
    'Helm',
    'helm',
    { annotations: { 'meta.helm.sh/release-name': 'mongo' } },
    /the Helm release mongo.*Leave it to its owner/,
  ],
  ['a label', 'argocd-controller', { labels: { 'app.kubernetes.io/managed-by': 'argocd' } }, /: argocd, created/],
  [
    'a controller',
    'kube-controller-manager',
    { ownerReferences: [{ kind: 'ReplicaSet', name: 'r' }] },
    /: ReplicaSet r, created.*Leave it/,
  ],
])('an object of %s is named with its owner, and is not to be taken or deleted', (_, manager, metadata, message) => {
  const text = inTheWay('ConfigMap', manager, metadata);
  expect(text).toMatch(/^ConfigMap ns\/a already exists and is not in this stack: /);
  expect(text).toMatch(message);
  expect(text).not.toMatch(/UPSERT|delete/);
});

test('an object of nobody may be taken over, or be deleted unless it may hold data', () => {
  expect(inTheWay('ConfigMap', 'kubectl-create')).toMatch(
    /fields set by kubectl-create.*PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true.*delete it/,
  );
  for (const kind of ['Namespace', 'PersistentVolume', 'PersistentVolumeClaim']) {
    expect(inTheWay(kind, 'kubectl-create')).toMatch(/It may hold data.*UPSERT/);
    expect(inTheWay(kind, 'kubectl-create')).not.toContain('delete');
  }
});

test.each([
  'PersistentVolume "a" is invalid: spec.nodeAffinity: Invalid value: {}: field is immutable',
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName',
  'StatefulSet.apps "a" is invalid: spec: Forbidden: updates to statefulset spec for fields other than … are forbidden',
])('what never changes is said without the words of Pulumi’s programmers: %s', (message) => {
  const text = (kind: string) =>
    (explain({ ...reference, kind }, 'update', new ApiError(422, { message })) as Error).message;
  expect(text('PersistentVolume')).toMatch(/would lose its data: undo the change in the stack's file/);
  expect(text('StatefulSet')).toMatch(/undo the change, or delete the object/);
  expect(text('PersistentVolume') + text('StatefulSet')).not.toContain('replaceOnChanges');
});

test('secrets that the API server quotes are blacked out', () => {
  const error = new ApiError(422, { message: 'data: Invalid value: "geheim": expected base64; Z2VoZWlt' });
  const inputs = { data: new Secret({ password: 'Z2VoZWlt' }) };
  expect((explain(reference, 'create', error, inputs) as Error).message).toBe(
    'cannot create ConfigMap ns/a: data: Invalid value: "[secret]": expected base64; [secret]',
  );
});
