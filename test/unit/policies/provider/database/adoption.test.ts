import type { JsonMap } from '../../../../../kubernetes-api';
import { requireAdoptable } from '../../../../../policies/provider/database/adoption';
import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { PlacementFacts } from '../../../../../policies/provider/database/facts';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { closeServers } from '../../../kubernetes-api/servers';
import { clusterWith } from './live-cluster';

afterAll(closeServers);

type Step = 'none' | 'transition' | 'enforced';
const at = (authentication: Step) => ({ adopted: { authentication, manager: 'aios-network' } });

const own: Properties = {
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  size: { text: '10Gi', bytes: 10 * 2 ** 30 },
  replicas: 3,
  localPath: '/mnt/data/registry',
  nodes: ['a', 'b', 'c', 'd'],
  stopped: false,
  protect: false,
  unsafe: { moveStorage: true, moveMembers: true },
};
const adopted = (authentication: Step): Properties => ({ ...own, ...at(authentication) });

const refusals = (olds: Properties, news: Properties) =>
  new DataPlacement().check(news, olds).failures.map(({ reason }) => reason);

test.each<[string, Properties, Properties]>([
  ['the next step', adopted('none'), adopted('transition')],
  ['a step back', adopted('enforced'), adopted('transition')],
  ['a node that no member is on', adopted('none'), { ...adopted('none'), nodes: ['a', 'b', 'c'] }],
])('allows %s', (_what, olds, news) => {
  expect(refusals(olds, news)).toEqual([]);
});

test.each<[string, Properties, Properties, string]>([
  [
    'two steps at once',
    adopted('none'),
    adopted('enforced'),
    'authentication is enforced and was none: members restart',
  ],
  ['two steps back', adopted('enforced'), adopted('none'), 'Set transition, run up'],
  ['a network of its own as an adopted one', own, adopted('none'), 'cluster.adopt is true and was false'],
  ['an adopted network as one of its own', adopted('enforced'), own, 'cluster.adopt is false and was true'],
  [
    'other nodes',
    adopted('none'),
    { ...adopted('none'), nodes: ['b', 'a', 'c'] },
    'on b, a, c and had them on a, b, c',
  ],
  ['another place', adopted('none'), { ...adopted('none'), localPath: '/data' }, 'storage is localPath /data and was'],
  ['more members', adopted('none'), { ...adopted('none'), replicas: 5 }, 'replicas is 5 and was 3'],
])('refuses %s', (_what, olds, news, reason) => {
  expect(refusals(olds, news)[0]).toContain(reason);
});

/** A member's Deployment at a step, rolled out or not. */
const member = (ordinal: number, step: Step, { managers = ['aios-network'], ready = 1 } = {}): JsonMap => ({
  metadata: {
    name: `registry-${ordinal}`,
    generation: 2,
    managedFields: managers.map((manager) => ({ manager })),
  },
  spec: { template: { spec: { containers: [{ name: 'mongod', args: ARGS[step] }] } } },
  status: { observedGeneration: 2, readyReplicas: ready, updatedReplicas: 1 },
});
const ARGS = { none: [], transition: ['--keyFile', '--transitionToAuth'], enforced: ['--keyFile'] };

const client = (name: string, variable: JsonMap): JsonMap => ({
  metadata: { name, generation: 1 },
  spec: { template: { spec: { containers: [{ env: [variable] }] } } },
});
const reference = (key: string) => ({ name: 'URL', valueFrom: { secretKeyRef: { name: 'registry-connection', key } } });

async function refusal(deployments: JsonMap[], now: Step, before?: Step): Promise<string> {
  const { asking } = await clusterWith({ volumes: deployments });
  const facts = (step: Step) => adopted(step) as unknown as PlacementFacts;
  const outcome = requireAdoptable(asking, facts(now), before && facts(before));
  return outcome.then(
    () => 'none',
    (error: unknown) => (error as Error).message,
  );
}
const all = (step: Step, more = {}) => [0, 1, 2].map((ordinal) => member(ordinal, step, more));

test('takes over what is handed over, no more than a step away', async () => {
  expect(await refusal(all('none'), 'none')).toBe('none');
  expect(await refusal(all('none'), 'transition')).toBe('none');
  expect(await refusal(all('none'), 'enforced')).toContain('registry-0, registry-1, registry-2 is at "none"');
  const [first = {}, ...rest] = all('none');
  expect(await refusal([first, ...rest.slice(1)], 'none')).toMatch(/Deployment registry-1 .*not there, or not handed/);
  expect(await refusal(all('none', { managers: ['kubectl-create'] }), 'none')).toContain('Run make adopt first');
});

test('goes on only once every member has come to the end of the step before', async () => {
  expect(await refusal(all('none'), 'transition', 'none')).toBe('none');
  const killed = [...all('transition').slice(0, 2), member(2, 'none')];
  expect(await refusal(killed, 'enforced', 'transition')).toContain(
    'registry-2 has not come to the end of "transition"',
  );
  const starting = [...all('transition').slice(0, 2), member(2, 'transition', { ready: 0 })];
  expect(await refusal(starting, 'enforced', 'transition')).toContain('registry-2 has not come');
  expect(await refusal(all('transition'), 'enforced', 'transition')).toBe('none');
});

test('asks everybody for a password only once everybody has one', async () => {
  const clients = [
    client('old', { name: 'URL', value: 'mongodb://registry-0.registries.svc.cluster.local:27017' }),
    client('open', reference('open-blocks-db')),
    client('ready', reference('blocks-db')),
  ];
  const set = [...all('transition'), ...clients];
  expect(await refusal(set, 'enforced', 'transition')).toContain('old, open still connects without a password');
  expect(await refusal(set, 'none', 'transition')).toBe('none');
});
