import type { JsonMap } from '../../../../../../kubernetes-api';
import { adoptOwnUpdates, wasCreatedBy } from '../../../../../../embedded/engine/providers/kubernetes/field-managers';

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
