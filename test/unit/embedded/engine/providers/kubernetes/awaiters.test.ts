import type { ClusterObjects } from '../../../../../../embedded/engine/providers/kubernetes/api/objects';
import type { Awaiter } from '../../../../../../embedded/engine/providers/kubernetes/await/awaiter';
import { deployment } from '../../../../../../embedded/engine/providers/kubernetes/await/deployment';
import { persistentVolumeClaim } from '../../../../../../embedded/engine/providers/kubernetes/await/storage';
import { explainPods } from '../../../../../../embedded/engine/providers/kubernetes/await/pods';
import { service } from '../../../../../../embedded/engine/providers/kubernetes/await/service';
import { statefulSet } from '../../../../../../embedded/engine/providers/kubernetes/await/stateful-set';
import type { JsonMap } from '../../../../../../kubernetes-api';

/** A cluster that has just these objects, whatever is asked. */
const having = (...items: JsonMap[]) =>
  ({ list: () => Promise.resolve(items), get: () => Promise.resolve(items[0]) }) as unknown as ClusterObjects;

const state = async (awaiter: Awaiter, live: JsonMap, ...others: JsonMap[]) => awaiter.check(live, having(...others));

const workload = (spec: JsonMap, status: JsonMap): JsonMap => ({
  metadata: { name: 'a', namespace: 'ns', generation: 2 },
  spec,
  status: { observedGeneration: 2, ...status },
});

const ready = { state: 'ready' };
const waiting = (message: string) => ({ state: 'waiting', message });

describe('Deployment', () => {
  const done = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
  const check = (status: JsonMap, spec: JsonMap = { replicas: 3 }) => state(deployment, workload(spec, status));

  test('is ready when all pods are of the new version and available, and none else are left', async () => {
    expect(await check(done)).toEqual(ready);
    expect(await check({}, { replicas: 0 })).toEqual(ready);
    expect(await check({ ...done, observedGeneration: 1 })).toEqual(waiting('waits for the deployment controller'));
    expect(await check({ ...done, updatedReplicas: 1 })).toEqual(waiting('1/3 pods of the new version started'));
    expect(await check({ ...done, replicas: 4 })).toEqual(waiting('3/3 pods ready; 1 of the old version left'));
    expect(await check({ ...done, availableReplicas: 2 })).toEqual(waiting('2/3 pods ready'));
  });

  test('fails at once when its deadline has passed', async () => {
    const conditions = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too late' },
    ];
    expect(await check({ ...done, availableReplicas: 1, conditions })).toEqual({
      state: 'failed',
      message: 'too late',
    });
  });
});

describe('StatefulSet', () => {
  const done = { replicas: 3, readyReplicas: 3, updatedReplicas: 3, currentRevision: 'b', updateRevision: 'b' };
  const rolling = { ...done, updatedReplicas: 1, currentRevision: 'a' };
  const check = (status: JsonMap, updateStrategy: JsonMap = {}) =>
    state(statefulSet, workload({ replicas: 3, updateStrategy }, status));

  test('is ready when all pods are, and run the new revision', async () => {
    expect(await check(done)).toEqual(ready);
    expect(await check({ ...done, readyReplicas: 1 })).toEqual(waiting('1/3 pods ready'));
    expect(await check({ ...done, replicas: 5 })).toEqual(waiting('2 pods too many are removed'));
    expect(await check(rolling)).toEqual(waiting('1/3 pods run the new version'));
  });

  test('does not wait for pods that it does not update itself', async () => {
    expect(await check(rolling, { type: 'OnDelete' })).toEqual(ready);
    expect(await check(rolling, { rollingUpdate: { partition: 2 } })).toEqual(ready);
    expect(await check(rolling, { rollingUpdate: { partition: 1 } })).toEqual(waiting('1/2 pods run the new version'));
  });
});

test('a claim need not be bound when its class waits for the first pod', async () => {
  const claim = { spec: { storageClassName: 'local' }, status: { phase: 'Pending' } };
  expect(await state(persistentVolumeClaim, claim, { volumeBindingMode: 'WaitForFirstConsumer' })).toEqual(ready);
  expect(await state(persistentVolumeClaim, claim, { volumeBindingMode: 'Immediate' })).toMatchObject({
    state: 'waiting',
  });
  expect(await state(persistentVolumeClaim, { status: { phase: 'Bound' } })).toEqual(ready);
});

describe('Service', () => {
  const serviceOf = (spec: JsonMap, status: JsonMap = {}) => ({
    metadata: { name: 'a', namespace: 'ns' },
    spec,
    status,
  });
  const selector = { app: 'a' };

  test('waits for pods only if it selects them', async () => {
    expect(await state(service, serviceOf({ selector }))).toEqual(waiting('no pod for its selector app=a'));
    expect(await state(service, serviceOf({ selector }), { endpoints: [{ conditions: { ready: false } }] })).toEqual(
      ready,
    );
    expect(await state(service, serviceOf({ selector, clusterIP: 'None' }))).toEqual(ready);
    expect(await state(service, serviceOf({ selector, type: 'ExternalName' }))).toEqual(ready);
    expect(await state(service, serviceOf({}))).toEqual(ready);
  });

  test('waits for its load balancer', async () => {
    const balanced = { type: 'LoadBalancer' };
    expect(await state(service, serviceOf(balanced))).toMatchObject({ state: 'waiting' });
    expect(await state(service, serviceOf(balanced, { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } }))).toEqual(
      ready,
    );
  });
});

describe('reasons', () => {
  const pod = (name: string, status: JsonMap): JsonMap => ({ metadata: { name, namespace: 'ns' }, status });
  const withContainer = (containerState: JsonMap) => ({
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [{ name: 'main', image: 'a:1', ...containerState }],
  });
  const why = (...pods: JsonMap[]) => explainPods('ns', 'app=a', having(...pods));

  test.each<[string, JsonMap, string]>([
    [
      'not scheduled',
      {
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/6 nodes are available' },
        ],
      },
      'Unschedulable: 0/6 nodes are available',
    ],
    ['no image', withContainer({ state: { waiting: { reason: 'ImagePullBackOff' } } }), 'ImagePullBackOff (image a:1)'],
    [
      'crashing',
      withContainer({
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      }),
      'CrashLoopBackOff (container main: Error, exit code 1)',
    ],
  ])('%s', async (_, status, reason) => {
    expect(await why(pod('a-1', status))).toBe(`pod a-1: ${reason}`);
  });

  test('two pods are enough to tell', async () => {
    const stuck = withContainer({ state: { waiting: { reason: 'ErrImagePull' } } });
    expect(await why(pod('a', stuck), pod('b', stuck), pod('c', stuck))).toMatch(
      /pod a: .*; pod b: .*; 1 more pods not ready$/,
    );
    expect(await why(pod('a', { conditions: [{ type: 'Ready', status: 'True' }] }))).toBeUndefined();
  });
});
