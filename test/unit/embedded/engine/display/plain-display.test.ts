import type { DisplayEvent } from '../../../../../embedded/engine/display/events';
import { Secret } from '../../../../../embedded/engine/values/value';
import { beginning, deployment, end, screen, show, step, wholeRun } from './run';

test('an update, line by line', () => {
  expect(show(wholeRun)).toMatchInlineSnapshot(`
   "Updating (dev):
    +  kubernetes:core/v1:Namespace data created
    ~  kubernetes:apps/v1:Deployment web updated [diff: ~spec,key]
    +- kubernetes:apps/v1:StatefulSet db replaced [diff: ~spec]
    +  kubernetes:core/v1:Service web creating failed: the port is taken by mongodb://admin:[secret]@db
    -  kubernetes:core/v1:ConfigMap old deleted

   Diagnostics:
     kubernetes:core/v1:Service (web):
       error: the port is taken by mongodb://admin:[secret]@db
       see default/other
     kubernetes:apps/v1:Deployment (web):
       warning: no probes
     pulumi:pulumi:Stack (shop-dev):
       hello, [secret]

   Outputs:
     + fresh: "x[secret]"
     - gone: 1
     ~ password: [secret] => [secret]
       same:
           a:
             - 1
     ~ url: "http://a" => "http://b"

   Resources:
       + 1 created
       ~ 1 updated
       - 1 deleted
       +- 1 replaced
       4 changes. 40 unchanged

   Duration: 1m6s
   update failed

   "
  `);
});

test('a preview with --diff says what would happen to which property', () => {
  expect(show(wholeRun, { preview: true, diff: true })).toMatchInlineSnapshot(`
   "Previewing update (dev):
    +  kubernetes:core/v1:Namespace data create
         + metadata:
             name: data
             labels:
               app: x
         + token: [secret]
    ~  kubernetes:apps/v1:Deployment web update [diff: ~spec,key]
         ~ spec.replicas: 3 => 5
         + spec.address: [unknown]
         ~ key: [secret] => [secret]
    +- kubernetes:apps/v1:StatefulSet db replace [diff: ~spec]
         ~ spec.serviceName: "a" => "b" (forces replacement)
    +  kubernetes:core/v1:Service web failed: the port is taken by mongodb://admin:[secret]@db
    -  kubernetes:core/v1:ConfigMap old delete

   Diagnostics:
     kubernetes:core/v1:Service (web):
       error: the port is taken by mongodb://admin:[secret]@db
       see default/other
     kubernetes:apps/v1:Deployment (web):
       warning: no probes
     pulumi:pulumi:Stack (shop-dev):
       hello, [secret]

   Outputs:
     + fresh: "x[secret]"
     - gone: 1
     ~ password: [secret] => [secret]
     ~ url: "http://a" => "http://b"

   Resources:
       + 1 to create
       ~ 1 to update
       - 1 to delete
       +- 1 to replace
       4 changes. 40 unchanged

   Duration: 1m6s
   update failed

   "
  `);
});

test('no escape characters, whatever the messages hold', () => {
  // eslint-disable-next-line no-control-regex -- the character in question
  expect(show(wholeRun)).not.toMatch(/\u001b/);
});

test('colours are left out where NO_COLOR is set', () => {
  const before = process.env.NO_COLOR;
  process.env.NO_COLOR = '1';
  expect(show(wholeRun, { color: true })).toBe(show(wholeRun));
  if (before === undefined) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = before;
});

test('a refresh shows what it found, and nothing where it found no drift', () => {
  const view = (size: number) => ({ inputs: { size }, outputs: {} });
  const found = (name: string, rest: object) => ({
    type: 'step-done' as const,
    step: step('refresh', 'k:core:Thing', name, { old: view(1), ...rest }),
  });
  const events = [found('drifted', { new: view(2) }), found('gone', {}), found('fine', { new: view(1) })];
  const lines = show([{ type: 'prelude', stack: 'dev', operation: 'refresh', config: {} }, ...events]);
  expect(lines.trim().split('\n')).toEqual([
    'Refreshing (dev):',
    ' ~  k:core:Thing drifted updated [diff: ~size]',
    ' -  k:core:Thing gone deleted',
  ]);
});

test('a run that changes nothing is short', () => {
  const calm = { ...end, changes: { same: 43 }, result: 'succeeded' as const, durationMs: 900 };
  expect(show([...beginning, calm])).toMatchInlineSnapshot(`
   "Updating (dev):

   Resources:
       43 unchanged

   Duration: 1s

   "
  `);
});

describe('a step that takes long', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('is told after two seconds and then every ten, with what it waits for', () => {
    const shown = screen();
    beginning.forEach((event) => shown.display.handle(event));
    shown.display.handle({ type: 'step-start', step: deployment });
    jest.advanceTimersByTime(1900);
    expect(shown.text()).not.toContain('web');
    shown.display.handle({ type: 'step-status', urn: deployment.urn, message: 'waiting: 1/3 pods ready' });
    jest.advanceTimersByTime(3000);
    shown.display.handle({ type: 'step-status', urn: deployment.urn, message: 'waiting: 2/3 pods ready' });
    jest.advanceTimersByTime(10_000);
    shown.display.handle({ type: 'step-done', step: deployment });
    jest.advanceTimersByTime(60_000);
    const lines = shown
      .text()
      .split('\n')
      .filter((line) => line.includes('web'));
    expect(lines).toEqual([
      ' ~  kubernetes:apps/v1:Deployment web updating (2s): waiting: 1/3 pods ready',
      ' ~  kubernetes:apps/v1:Deployment web updating (12s): waiting: 2/3 pods ready',
      ' ~  kubernetes:apps/v1:Deployment web updated (15s) [diff: ~spec,key]',
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

const breach = (level: 'advisory' | 'mandatory', policy: string, urn: string, message: string): DisplayEvent => ({
  ...{ type: 'policy', pack: 'guard', version: '1.0.0', sensitive: { key: new Secret('not-for-you') } },
  ...{ level, policy, urn, message },
});

test('policies that are violated are told of with their pack, the worst first, and without what they have seen', () => {
  const policyPacks = [
    { name: 'guard', version: '1.0.0', path: 'policies/guard' },
    { name: 'quiet', version: '2.0.0', path: '../quiet' },
  ];
  const violations = [
    breach('advisory', 'small', deployment.urn, 'it is large\n  fix: make it small'),
    breach('mandatory', 'closed', deployment.urn, 'it says not-for-you'),
  ];
  const summary: DisplayEvent = {
    type: 'summary',
    changes: { same: 3 },
    durationMs: 100,
    result: 'failed',
    policyPacks,
  };
  expect(show([...beginning, ...violations, summary])).toMatchInlineSnapshot(`
    "Updating (dev):

    Policies:
        ❌ guard@v1.0.0 (local: policies/guard)
            - [mandatory]  closed  (kubernetes:apps/v1:Deployment: web)
              it says [secret]
            - [advisory]  small  (kubernetes:apps/v1:Deployment: web)
              it is large
                fix: make it small
        ✅ quiet@v2.0.0 (local: ../quiet)

    Resources:
        3 unchanged

    Duration: 1s
    update failed

    "
  `);
});
