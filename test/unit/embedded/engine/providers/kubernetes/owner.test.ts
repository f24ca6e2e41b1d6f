import { isClaimOf } from '../../../../../../embedded/engine/providers/kubernetes/owner';
import type { JsonMap } from '../../../../../../kubernetes-api';

const set = (metadata: JsonMap = {}): JsonMap => ({
  metadata: { name: 'registry', namespace: 'ns', ...metadata },
  spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
});

const claim = (name: string, ...managers: string[]): JsonMap => ({
  metadata: {
    name,
    namespace: 'ns',
    managedFields: managers.map((manager) => ({
      manager,
      operation: 'Update',
      apiVersion: 'v1',
      time: '2026-01-01T00:00:00Z',
      fieldsV1: {},
    })),
  },
});

test.each<[string, JsonMap]>([
  ['made by the controller', claim('data-registry-0', 'kube-controller-manager')],
  [
    'left by an earlier life of the program',
    claim('data-registry-12', 'pulumi-kubernetes-00000000', 'kube-controller-manager'),
  ],
  ['labelled by hand', claim('data-registry-0', 'kube-controller-manager', 'kubectl-label')],
])('a claim of the set, %s, is its program’s', (_, object) => {
  expect(isClaimOf(object, set())).toBe(true);
});

test.each<[string, JsonMap, JsonMap]>([
  ['made by hand', claim('data-registry-0', 'kubectl-create', 'kube-controller-manager'), set()],
  ['of a backup tool', claim('data-registry-0', 'velero-server'), set()],
  ['of another name', claim('data-registry-a', 'kube-controller-manager'), set()],
  ['of another set', claim('data-registry-mirror-0', 'kube-controller-manager'), set()],
  [
    'of a set that goes',
    claim('data-registry-0', 'kube-controller-manager'),
    set({ deletionTimestamp: '2026-01-01T00:00:00Z' }),
  ],
])('a claim %s is not', (_, object, owner) => {
  expect(isClaimOf(object, owner)).toBe(false);
});
