import { isUndecidable } from '../../../../../../embedded/engine/providers/kubernetes/undecidable';
import { ApiError } from '../../../../../../kubernetes-api';

const decide = (code: number, message: string) => {
  const warn = jest.fn();
  return { undecidable: isUndecidable(new ApiError(code, { message, reason: 'Forbidden' }), { warn }), warn };
};

test.each([
  'deployments.apps "a" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps" in the namespace "services"',
  'namespaces "a" is forbidden: User "system:serviceaccount:ci:preview" cannot get resource "namespaces" in API group "" at the cluster scope: RBAC: role not found',
])('missing rights leave a preview to the inputs, and are told: %s', (message) => {
  const { undecidable, warn } = decide(403, message);
  expect(undecidable).toBe(true);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining(message));
});

test.each<[number, string]>([
  [403, 'admission webhook "validation.gatekeeper.sh" denied the request: [no-latest] image uses :latest'],
  [403, 'pods "a" is forbidden: exceeded quota: q, requested: limits.cpu=1, used: limits.cpu=3, limited: limits.cpu=3'],
  [403, 'pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 2'],
  [403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false'],
  [
    403,
    'persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  ],
  [
    403,
    'deployments.apps "a" is forbidden: ValidatingAdmissionPolicy \'p\' with binding \'b\' denied request: User "root" cannot be used here',
  ],
  [403, 'configmaps "a" is forbidden: unable to create new content in namespace ns because it is being terminated'],
  [422, 'Deployment.apps "a" is invalid: spec.selector: field is immutable'],
])('what the API server denies is the answer of a preview too: %i %s', (code, message) => {
  const { undecidable, warn } = decide(code, message);
  expect(undecidable).toBe(false);
  expect(warn).not.toHaveBeenCalled();
});

test('what needs something of the same run, or has no dry run, is left to the inputs', () => {
  expect(decide(404, 'namespaces "services" not found').undecidable).toBe(true);
  expect(decide(400, 'admission webhook "x" does not support dry run').undecidable).toBe(true);
});
