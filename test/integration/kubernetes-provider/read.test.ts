import { type PropertyMap, Secret, type Value, isPropertyMap } from '../../../embedded/engine/values/value';
import { configMap, configMapType, deployment, deploymentType } from './objects';
import { type Resource, Steps } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

describe('read', () => {
  const resources: [string, PropertyMap][] = [
    [
      'kubernetes:apps/v1:Deployment',
      deployment('quiet', {
        hostNetwork: false,
        automountServiceAccountToken: false,
        initContainers: [],
        securityContext: {},
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1024Mi' } }],
        containers: [
          {
            name: 'main',
            image: 'example/app:1',
            args: [],
            env: [{ name: 'EMPTY', value: '' }],
            resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { cpu: 1 } },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp', readOnly: false }],
          },
        ],
      }),
    ],
    [
      'kubernetes:apps/v1:StatefulSet',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          replicas: 1,
          serviceName: 'quiet',
          selector: { matchLabels: { app: 'quiet-set' } },
          template: {
            metadata: { labels: { app: 'quiet-set' } },
            spec: { containers: [{ name: 'main', image: 'example/db:1' }] },
          },
          volumeClaimTemplates: [],
        },
      },
    ],
    [
      'kubernetes:core/v1:Service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: { type: 'NodePort', clusterIP: '', selector: { app: 'quiet' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ],
    [
      'kubernetes:policy/v1:PodDisruptionBudget',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'quiet' } } },
      },
    ],
    [
      'kubernetes:networking.k8s.io/v1:NetworkPolicy',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
        },
      },
    ],
    [
      'kubernetes:core/v1:PersistentVolume',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'quiet' },
        spec: {
          capacity: { storage: '1024Mi' },
          accessModes: ['ReadWriteOnce'],
          storageClassName: '',
          persistentVolumeReclaimPolicy: 'Retain',
          hostPath: { path: '/mnt/quiet' },
          claimRef: { name: 'quiet', namespace: 'tests' },
        },
      },
    ],
    [
      'kubernetes:core/v1:PersistentVolumeClaim',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: '',
          volumeName: 'quiet',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
    [
      'kubernetes:rbac.authorization.k8s.io/v1:Role',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'quiet', namespace: 'tests' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      },
    ],
    [configMapType, configMap('quiet', { a: '', b: '1.0' })],
    [
      'kubernetes:core/v1:Secret',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'quiet', namespace: 'tests' },
        stringData: { password: new Secret('geheim') },
      },
    ],
    [
      'kubernetes:core/v1:NodePatch',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-2', labels: { quiet: 'yes' } } },
    ],
  ];

  test('finds no drift in what nobody touched, whatever the API server and controllers added', async () => {
    const made: Resource[] = [];
    for (const [type, inputs] of resources) made.push(await steps.create(type, inputs));
    for (const resource of made) {
      const found = await steps.read(resource);
      expect(found?.inputs).toEqual(resource.inputs);
      expect(await steps.drift(resource)).toEqual([]);
    }
  });

  test('finds what was changed or removed by hand, and an update repairs it', async () => {
    const made = await steps.create(deploymentType, deployment('drifting'));
    await world.kubectlHere('set', 'image', 'deploy/drifting', 'main=example/app:2');
    expect(await steps.drift(made)).toEqual(['spec.template.spec.containers[0].image']);
    const role = await steps.create('kubernetes:rbac.authorization.k8s.io/v1:Role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'widened', namespace: 'tests', annotations: { 'pulumi.com/patchForce': 'true' } },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    const wider = '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["*"]}}]';
    await world.kubectlHere('patch', 'role', 'widened', '--type=json', '-p', wider);
    expect(await steps.drift(role)).toEqual(['rules[1]']);
    await steps.update(role, role.inputs);
    expect(await steps.drift(role)).toEqual([]);
  });

  test('Secret data stays secret in inputs, outputs and what is remembered of the inputs', async () => {
    const made = await steps.create('kubernetes:core/v1:Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hidden', namespace: 'tests' },
      stringData: { password: 'geheim' },
    });
    const found = await steps.read(made);
    for (const properties of [made.inputs, made.outputs, found?.inputs, found?.outputs]) {
      const places: (Value | undefined)[] = [properties?.data];
      if (isPropertyMap(properties?.__inputs)) places.push(properties.__inputs.data);
      for (const place of places) expect(place).toBeInstanceOf(Secret);
      expect(properties?.stringData).toBeUndefined();
    }
  });
});
