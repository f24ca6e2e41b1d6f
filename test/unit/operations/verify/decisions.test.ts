import type { Json, JsonMap } from '../../../../kubernetes-api';
import type { StackObject } from '../../../../operations/stack-objects/objects';
import { type Members, judgeMembers } from '../../../../operations/verify/checks/databases';
import { appliedOf, judgeDrift } from '../../../../operations/verify/checks/drift';
import { judgeDigests } from '../../../../operations/verify/checks/images';
import { judgeService } from '../../../../operations/verify/checks/services';
import { judgeClaim } from '../../../../operations/verify/checks/volumes';
import { judgeWorkload } from '../../../../operations/verify/checks/workloads';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

const object = (kind: string, spec: JsonMap): StackObject => ({
  apiVersion: 'v1',
  kind,
  name: 'parser',
  namespace: 'services',
  content: { metadata: { name: 'parser', namespace: 'services' }, spec },
});

const template = (image: string) => ({ spec: { containers: [{ name: 'main', image }] } });

const pod = (name: string, imageID = '', status: JsonMap = {}, metadata: JsonMap = {}) => ({
  metadata: { name, ...metadata },
  status: { containerStatuses: [{ name: 'main', imageID }], ...status },
});

describe('a workload', () => {
  const wanted = object('Deployment', { replicas: 2, template: template('r/parser:v1') });
  const live = (spec: JsonMap = {}, status: JsonMap = {}) => ({
    metadata: { generation: 4 },
    spec: { replicas: 2, template: template('r/parser:v1'), ...spec },
    status: { observedGeneration: 4, readyReplicas: 2, updatedReplicas: 2, ...status },
  });
  const judged = (deployment: Json | undefined, ...pods: Json[]) => judgeWorkload(wanted, deployment, pods);

  test('that is as wanted', () => {
    expect(judged(live(), pod('a'), pod('b'))).toEqual({
      subject: 'services/parser',
      state: 'good',
      text: '2 of 2 pods ready',
    });
    const stopped = object('StatefulSet', { replicas: 0, template: template('r/parser:v1') });
    expect(judgeWorkload(stopped, live({ replicas: 0 }), []).text).toBe('stopped, as wanted');
  });

  test.each<[string, Json | undefined]>([
    ['Deployment is not there', undefined],
    ['set to 0 pods in place of 2; 0 of 2 pods ready', live({ replicas: 0 }, { readyReplicas: 0, updatedReplicas: 0 })],
    ['container main is set to r/parser:v2 in place of r/parser:v1', live({ template: template('r/parser:v2') })],
    ['container main is not there', live({ template: { spec: { containers: [] } } })],
    ['its newest form was not seen by its controller yet', live({}, { observedGeneration: 3 })],
    ['1 of 2 pods ready', live({}, { readyReplicas: 1 })],
    ['1 of 2 pods of its newest form', live({}, { updatedReplicas: 1 })],
  ])('%s', (text, deployment) => {
    expect(judged(deployment)).toEqual({ subject: 'services/parser', state: 'bad', text });
  });

  test('tells why a pod is not ready', () => {
    const waiting = (reason: string) => ({
      containerStatuses: [{ name: 'main', state: { waiting: { reason, message: 'Back-off' } } }],
    });
    const unplaced = {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3' }],
    };
    const pods = [
      pod('a', '', waiting('ImagePullBackOff')),
      pod('b', '', waiting('ContainerCreating')),
      pod('c', '', unplaced),
      pod('d', '', waiting('CrashLoopBackOff'), { deletionTimestamp: 'now' }),
    ];
    expect(judged(live(), ...pods).text).toBe('a: ImagePullBackOff: Back-off; c: Unschedulable: 0/3');
  });
});

describe('contents of images', () => {
  const judged = (image: string, ...ids: string[]) =>
    judgeDigests(
      object('Deployment', { template: template(image) }).content,
      ids.map((id, index) => pod(`p${index}`, id)),
    );

  test.each([
    ['nothing where nodes do not tell', 'r/p:v1', ['', ''], 'good', ''],
    ['nothing of what has no digest of a registry', 'r/p:v1', [DIGEST, OTHER], 'good', ''],
    ['the one that all run', 'r/p:v1', [`r/p@${DIGEST}`, `r/p@${DIGEST}`], 'good', 'main sha256:aaaaaaaaaaaa'],
    [
      'that a tag was moved',
      'r/p:v1',
      [`r/p@${DIGEST}`, `r/p@${OTHER}`],
      'bad',
      'p0 sha256:aaaaaaaaaaaa; p1 sha256:bb',
    ],
    ['the named one', `r/p@${DIGEST}`, [`r/p@${DIGEST}`], 'good', 'main sha256:aaaaaaaaaaaa'],
    [
      'doubt about another than the named',
      `r/p@${DIGEST}`,
      [`r/p@${OTHER}`],
      'unknown',
      'p0 tells sha256:bbbbbbbbbbbb',
    ],
  ])('tell %s', (_what, image, ids, state, text) => {
    expect(judged(image, ...ids)).toEqual({ state, text: expect.stringContaining(text) as string });
  });
});

describe('members', () => {
  const member = (name: string, status = 'True', metadata: JsonMap = {}) => ({
    metadata: { name, ...metadata },
    status: { conditions: [{ type: 'Ready', status }] },
  });
  const event = (message: string, lastTimestamp: string, type = 'Warning') => ({
    involvedObject: { name: 'registry-1' },
    ...{ type, message, lastTimestamp },
  });
  const judged = (
    pods: Json[],
    events: Json[] = [],
    wanted = ['registry-0', 'registry-1', 'registry-2'],
    primary = '',
  ) => judgeMembers('registry', { wanted, pods, events, primary } satisfies Members);

  test('that all serve, or are stopped', () => {
    expect(judged(['registry-0', 'registry-1', 'registry-2'].map((name) => member(name)))).toMatchObject({
      state: 'good',
      text: '3 of 3 serve',
    });
    expect(judged([], [], [])).toMatchObject({ state: 'good', text: 'stopped, as wanted' });
  });

  test('and who of them is the primary, as far as it serves', () => {
    const pods = [member('registry-0'), member('registry-1-5d4f-x2x', 'True', { labels: { app: 'registry-1' } })];
    expect(judged(pods, [], ['registry-0', 'registry-1'], 'registry-1').text).toBe(
      '2 of 2 serve, registry-1 is the primary',
    );
    expect(judged(pods, [], ['registry-0', 'registry-1', 'registry-2'], 'registry-2').text).toBe(
      '2 of 3 serve; registry-2: there is no such pod',
    );
  });

  test('one of which is away: it says why, as it said last', () => {
    const pods = [member('registry-0'), member('registry-1', 'False'), member('registry-2')];
    const events = [
      event('older', '2026-01-01'),
      event('RECOVERING: too old', '2026-01-02'),
      event('x', '2026-01-03', 'Normal'),
    ];
    expect(judged(pods, events)).toEqual({
      subject: 'members of registry',
      state: 'bad',
      text: '2 of 3 serve; registry-1: RECOVERING: too old',
    });
  });

  test('of which too few are left', () => {
    const ending = member('registry-1', 'True', { deletionTimestamp: 'now' });
    expect(judged([member('registry-0'), ending]).text).toBe(
      '1 of 3 serve: no majority, so no primary, and nothing can be written (docs/operations.md); ' +
        'registry-1: not ready; registry-2: there is no such pod',
    );
  });
});

describe('a claim', () => {
  const wanted = (spec: JsonMap = {}) =>
    object('PersistentVolumeClaim', { resources: { requests: { storage: '20Gi' } }, ...spec });
  const live = (status: JsonMap, spec: JsonMap = {}, metadata: JsonMap = {}) => ({
    metadata,
    spec,
    status: { phase: 'Bound', capacity: { storage: '20Gi' }, ...status },
  });
  const growing = (type: string) => ({ conditions: [{ type, status: 'True', message: 'so it is' }] });

  test.each<[string, string, Json | undefined]>([
    ['good', '20Gi', live({})],
    ['good', '21474836480', live({ capacity: { storage: '21474836480' } })],
    ['bad', 'the claim is not there', undefined],
    ['bad', '10Gi in place of 20Gi', live({ capacity: { storage: '10Gi' } })],
    [
      'bad',
      '10Gi in place of 20Gi; waits for its node to grow the file system: so it is',
      live({ capacity: { storage: '10Gi' }, ...growing('FileSystemResizePending') }),
    ],
    ['bad', 'cannot be grown by its driver: so it is', live(growing('ControllerResizeError'))],
    ['bad', 'is Lost: it has no volume', live({ phase: 'Lost' })],
    ['bad', 'is being deleted: once its pod ends, the data may go with it', live({}, {}, { deletionTimestamp: 'now' })],
    ['bad', 'is Pending: it has no volume', live({ phase: 'Pending' }, { volumeName: 'pv' })],
    [
      'bad',
      'is Pending: it has no volume',
      live({ phase: 'Pending' }, {}, { annotations: { 'volume.kubernetes.io/selected-node': 'n' } }),
    ],
    [
      'unknown',
      'is Pending: it has no volume; a first pod that uses it, or somebody who makes it, is waited for',
      live({ phase: 'Pending' }),
    ],
  ])('%s: %s', (state, text, claim) => {
    expect(judgeClaim(wanted(), claim)).toEqual({ subject: 'services/parser', state, text });
  });

  test('of a directory is as large as its disk', () => {
    const smaller = live({ capacity: { storage: '10Gi' } });
    expect(judgeClaim(wanted({ volumeName: 'registry-data-0' }), smaller).state).toBe('good');
  });
});

describe('a Service', () => {
  const spec = { selector: { app: 'parser' }, ports: [{ port: 80, nodePort: 30100 }, { port: 81 }] };
  const wanted = object('Service', spec);
  const live = (more: JsonMap = {}) => ({ spec: { ...spec, ...more } });
  const slice = (...ready: (boolean | undefined)[]) => ({
    endpoints: ready.map((one) => ({ conditions: one === undefined ? {} : { ready: one } })),
  });

  test.each<[string, string, Json | undefined, Json[]]>([
    ['good', '2 pods answer', live(), [slice(true, false), slice(undefined)]],
    ['bad', 'Service is not there', undefined, []],
    ['bad', 'no pod behind it answers', live(), [slice(false)]],
    ['bad', 'no pod behind it answers', live(), []],
    [
      'bad',
      'port 80 is at node port 31000 in place of 30100',
      live({
        ports: [
          { port: 80, nodePort: 31000 },
          { port: 81, nodePort: 31001 },
        ],
      }),
      [slice(true)],
    ],
    ['bad', 'port 81 is not there', live({ ports: [{ port: 80, nodePort: 30100 }] }), [slice(true)]],
    ['bad', 'selects other pods', live({ selector: { app: 'parser', version: '2' } }), [slice(true)]],
  ])('%s: %s', (state, text, service, slices) => {
    expect(judgeService(wanted, service, slices, false)).toEqual({ subject: 'services/parser', state, text });
  });

  test('of which the stack wants no pods has none', () => {
    expect(judgeService(wanted, live(), [], true)).toMatchObject({ state: 'good', text: 'stopped, as wanted' });
  });
});

describe('drift', () => {
  const wanted = object('Deployment', {});
  const form = (spec: JsonMap, metadata: JsonMap = {}) => ({ metadata, spec, status: { x: Math.random() } });

  test('is what a dry run would change, by path, whatever the API server keeps of its own', () => {
    const live = form({ replicas: 1, env: [{ name: 'A', value: '1' }] }, { resourceVersion: '1', generation: 1 });
    expect(
      judgeDrift(wanted, live, form({ replicas: 1, env: [{ name: 'A', value: '1' }] }, { generation: 2 })),
    ).toEqual({
      subject: 'Deployment services/parser',
      state: 'good',
      text: 'as the stack has it',
    });
    expect(judgeDrift(wanted, live, form({ replicas: 2, env: [{ name: 'A', value: '2' }] })).text).toBe(
      'differs at spec.replicas, spec.env[A].value',
    );
    expect(judgeDrift(wanted, undefined, {})).toMatchObject({ state: 'bad', text: 'is not there' });
  });

  test('of much of an object the first few paths are told', () => {
    const many = (value: number) =>
      form(Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, value])));
    expect(judgeDrift(wanted, many(1), many(2)).text).toBe(
      'differs at spec.a, spec.b, spec.c, spec.d, spec.e and 2 more',
    );
  });

  test('leaves out what an update leaves as it is, and what nobody here knows', () => {
    const content = { spec: { volumeName: 'v', resources: { requests: { storage: '1Gi', other: 1 } } } };
    expect(
      appliedOf({ content, ignored: ['spec.resources.requests.storage', 'spec.volumeName', 'spec.no.where'] }),
    ).toEqual({
      spec: { resources: { requests: { other: 1 } } },
    });
    expect(judgeDrift(wanted, form({ password: 'x' }), form({ password: '[secret]' })).state).toBe('good');
  });
});
