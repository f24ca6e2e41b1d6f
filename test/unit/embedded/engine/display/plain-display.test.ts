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
