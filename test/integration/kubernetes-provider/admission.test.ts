import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setPath } from '../../../embedded/engine/values/paths';
import type { PropertyMap } from '../../../embedded/engine/values/value';
import { configMap, configMapType, deployment, deploymentType } from './objects';
import { Steps, callFor } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

async function apply(name: string, ...objects: PropertyMap[]): Promise<void> {
  const file = path.join(world.directory, `${name}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await world.kubectl('apply', '-f', file);
}

/** What a request is answered in a preview, and for real. */
async function answers(request: (preview: boolean) => Promise<unknown>): Promise<string[]> {
  const answer = (preview: boolean) =>
    request(preview).then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
  return [await answer(true), await answer(false)];
}

test('a policy of the cluster denies in the preview what it denies in the run', async () => {
  await apply(
    'policy',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'few-replicas' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
          ],
        },
        validations: [
          { expression: 'object.spec.replicas <= 2', message: 'not more than 2 replicas', reason: 'Forbidden' },
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'few-replicas' },
      spec: {
        policyName: 'few-replicas',
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tests' } } },
      },
    },
  );
  const many = (name: string) => setPath(deployment(name), ['spec', 'replicas'], 3);
  // The API server takes up a new policy after a moment.
  for (;;) {
    const [first] = await answers(() => steps.create(deploymentType, many('probe'), { preview: true }));
    if (first !== 'done') break;
  }
  const creating = await answers((preview) => steps.create(deploymentType, many('denied'), { preview }));
  expect(creating[0]).toMatch(/cannot create Deployment tests\/denied: .*not more than 2 replicas/);
  expect(creating[1]).toBe(creating[0]);
  const made = await steps.create(deploymentType, deployment('allowed'));
  const updating = await answers((preview) =>
    steps.update(made, setPath(made.inputs, ['spec', 'replicas'], 3), { preview }),
  );
  expect(updating[0]).toMatch(/cannot update Deployment tests\/allowed: .*not more than 2 replicas/);
  expect(updating[1]).toBe(updating[0]);
});

test('a quota that is used up refuses in the preview what it refuses in the run', async () => {
  await apply('quota', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'claims', namespace: 'tests' },
    spec: { hard: { persistentvolumeclaims: '0' } },
  });
  await world.kubectlHere('wait', 'resourcequota/claims', '--for=jsonpath={.status.hard}', '--timeout=30s');
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'one-too-many', namespace: 'tests' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
  };
  const [preview, run] = await answers((dry) =>
    steps.create('kubernetes:core/v1:PersistentVolumeClaim', claim, { preview: dry }),
  );
  expect(preview).toMatch(/cannot create PersistentVolumeClaim tests\/one-too-many: .*exceeded quota: claims/);
  expect(run).toBe(preview);
});

test('rights that are missing are told apart: the preview goes on, unchecked, and says so', async () => {
  const reader = await world.configured({ kubeconfig: world.kubeconfigAs('reader') });
  await apply('reader', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'reader' }],
  });
  const call = callFor(configMapType);
  const inputs = configMap('unchecked', { a: '1' });
  const [preview, run] = await answers((dry) =>
    steps.create(configMapType, inputs, { preview: dry, with: reader, call }),
  );
  expect(preview).toBe('done');
  expect(call.told.join()).toMatch(/rights are missing: .*User "reader" cannot patch resource "configmaps"/);
  expect(run).toMatch(/cannot create ConfigMap tests\/unchecked: .*User "reader" cannot patch/);
});

test('an object of another stack is refused in the preview as in the run', async () => {
  const other = { 'pulumi.com/patchForce': 'true' };
  await steps.create(configMapType, configMap('theirs', { a: '1' }, other));
  const [preview, run] = await answers((dry) =>
    steps.create(configMapType, configMap('theirs', { a: '2' }, other), { preview: dry }),
  );
  expect(preview).toMatch(/ConfigMap tests\/theirs already exists and is not in this stack: another Pulumi stack/);
  expect(run).toBe(preview);
});

test('the old half of a replacement is not in the way of the new one', async () => {
  const made = await steps.create(configMapType, configMap('replaced', { a: '1' }));
  const call = { ...callFor(configMapType), replaced: made.outputs };
  await expect(
    steps.create(configMapType, configMap('replaced', { a: '2' }), { preview: true, call }),
  ).resolves.toBeDefined();
});
