import type { DisplayEvent } from '../../../../../embedded/engine/display/events';
import { Secret, unknown } from '../../../../../embedded/engine/values/value';
import { beginning, password, show, wholeRun } from './run';

interface StepEvent {
  metadata: { op: string; urn: string; old: object | null; new: Record<string, unknown> | null; logical?: true };
}
type Line = { sequence: number; timestamp: number } & Record<string, StepEvent>;

const lines = (events: DisplayEvent[]) =>
  show(events, { json: true })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const kindOf = (line: Line) => Object.keys(line).find((key) => key !== 'sequence' && key !== 'timestamp') ?? '';
/** `resourcePreEvent create Namespace` */
const told = (line: Line) => {
  const { metadata } = line[kindOf(line)] ?? {};
  return metadata ? `${kindOf(line)} ${metadata.op} ${metadata.urn.split('/').pop()}` : kindOf(line);
};

test('an event a line, numbered, from the prelude to the cancelEvent', () => {
  const all = lines(wholeRun);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index));
  expect(all.slice(0, 1).map(told)).toEqual(['preludeEvent']);
  expect(all.slice(-2)).toMatchObject([
    {
      summaryEvent: {
        maybeCorrupt: false,
        durationSeconds: 66,
        resourceChanges: { create: 1, update: 1, replace: 1, delete: 1, same: 40 },
        PolicyPacks: {},
        isPreview: false,
        result: 'failed',
      },
    },
    { cancelEvent: {} },
  ]);
});

test('each step twice, a failure as one, a replacement as the two steps that it is', () => {
  const steps = lines(wholeRun)
    .filter((line) => kindOf(line).startsWith('res'))
    .map(told);
  expect(steps).toEqual(
    expect.arrayContaining([
      'resourcePreEvent create v1:Namespace::data',
      'resOutputsEvent create v1:Namespace::data',
      'resourcePreEvent replace v1:StatefulSet::db',
      'resourcePreEvent create-replacement v1:StatefulSet::db',
      'resOutputsEvent create-replacement v1:StatefulSet::db',
      'resourcePreEvent delete-replaced v1:StatefulSet::db',
      'resOpFailedEvent create v1:Service::web',
    ]),
  );
  expect(steps).not.toContain('resOutputsEvent create v1:Service::web');
});

test("the stack's step ends with its outputs, once the program has put them out", () => {
  const stack = { op: 'update', urn: 'urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev' } as const;
  const known = { ...stack, type: 'pulumi:pulumi:Stack', name: 'shop-dev', new: { inputs: {}, outputs: {} } };
  const outputs = { url: 'http://a', key: new Secret(password), later: unknown };
  const events = lines([
    ...beginning.slice(0, 1),
    { type: 'step-done', step: known },
    { type: 'outputs', old: {}, new: outputs },
  ]);
  expect(events.map(told).slice(1, 3)).toEqual([
    'resourcePreEvent update urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev',
    'resOutputsEvent update urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev',
  ]);
  expect(events[2]?.resOutputsEvent?.metadata).toMatchObject({
    old: null,
    logical: true,
    new: {
      outputs: {
        url: 'http://a',
        key: { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: '[secret]' },
        later: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
      },
    },
  });
});

test('messages have their severity before them and their end behind; what a step waits for is ephemeral', () => {
  const urn = 'urn:pulumi:dev::shop::a:b:C::d';
  const events = lines([
    ...beginning.slice(0, 1),
    { type: 'step-status', urn, message: 'waiting' },
    { type: 'diagnostic', severity: 'warning', message: `careful, ${password}` },
  ]);
  expect(events.slice(1, 3)).toMatchObject([
    { diagnosticEvent: { urn, message: 'waiting\n', color: 'never', severity: 'info', ephemeral: true } },
    { diagnosticEvent: { prefix: 'warning: ', message: 'careful, [secret]\n', color: 'never', severity: 'warning' } },
  ]);
});

test('no secret is in it', () => {
  const text = show(wholeRun, { json: true });
  expect(text).not.toContain(password);
  expect(text).not.toContain(Buffer.from(password).toString('base64'));
});
