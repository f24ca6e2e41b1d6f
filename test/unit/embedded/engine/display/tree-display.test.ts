import { beginning, deployment, namespace, screen, show, step, urnOf, wholeRun } from './run';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** What a terminal of enough width would show after all that was written to it. */
function terminal(written: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  // eslint-disable-next-line no-control-regex -- terminal sequences begin with the escape character
  for (const [token, up] of written.matchAll(/\u001b\[(\d+)A|\u001b\[0J|\u001b\[[\d;]*m|[^]/g)) {
    if (up !== undefined) row -= Number(up);
    else if (token === '\u001b[0J') lines.splice(row, Infinity, '');
    else if (token === '\n') lines[++row] ??= '';
    else if (!token.startsWith('\u001b') && token !== '\r') lines[row] = `${lines[row] ?? ''}${token}`;
    expect(row).toBeGreaterThanOrEqual(0);
  }
  return lines.map((line) => line.trimEnd());
}

const options = { isTTY: true };

test('in the end the tree, the messages, the outputs and the numbers stay', () => {
  expect(terminal(show(wholeRun, options)).join('\n')).toMatchInlineSnapshot(`
   "Updating (dev):

       Type                                  Name      Status           Info
       pulumi:pulumi:Stack                   shop-dev
       ├─ shop:Database                      orders
    ~  │  ├─ kubernetes:apps/v1:Deployment   web       updated          [diff: ~spec,key] 1 warning
    +  │  │  └─ kubernetes:core/v1:Service   web       creating failed  the port is taken by mongodb://admin:[secret]@db
    +- │  └─ kubernetes:apps/v1:StatefulSet  db        replaced         [diff: ~spec]
    +  ├─ kubernetes:core/v1:Namespace       data      created
    -  └─ kubernetes:core/v1:ConfigMap       old       deleted

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

test('with --diff each resource is followed by its properties', () => {
  const text = terminal(show(wholeRun, { ...options, diff: true, preview: true })).join('\n');
  expect(text.slice(0, text.indexOf('Diagnostics:'))).toMatchInlineSnapshot(`
   "Previewing update (dev):

       Type                                  Name      Plan     Info
       pulumi:pulumi:Stack                   shop-dev
       ├─ shop:Database                      orders
    ~  │  ├─ kubernetes:apps/v1:Deployment   web       update   [diff: ~spec,key] 1 warning
       │  │  │   ~ spec.replicas: 3 => 5
       │  │  │   + spec.address: [unknown]
       │  │  │   ~ key: [secret] => [secret]
    +  │  │  └─ kubernetes:core/v1:Service   web       failed   the port is taken by mongodb://admin:[secret]@db
    +- │  └─ kubernetes:apps/v1:StatefulSet  db        replace  [diff: ~spec]
       │         ~ spec.serviceName: "a" => "b" (forces replacement)
    +  ├─ kubernetes:core/v1:Namespace       data      create
       │      + metadata:
       │          name: data
       │          labels:
       │            app: x
       │      + token: [secret]
    -  └─ kubernetes:core/v1:ConfigMap       old       delete

   "
  `);
});

test('while it runs, the tree shows what is waited for, redrawn in place', () => {
  const shown = screen(options);
  [...beginning, { type: 'step-start' as const, step: deployment }].forEach((event) => shown.display.handle(event));
  shown.display.handle({ type: 'step-status', urn: deployment.urn, message: 'waiting: 1/3 pods ready' });
  jest.advanceTimersByTime(3000);
  shown.display.handle({ type: 'step-status', urn: deployment.urn, message: 'waiting: 2/3 pods ready' });
  jest.advanceTimersByTime(2000);
  expect(terminal(shown.text()).join('\n')).toMatchInlineSnapshot(`
   "Updating (dev):

       Type                                 Name      Status         Info
       pulumi:pulumi:Stack                  shop-dev
       └─ shop:Database                     orders
    ~     └─ kubernetes:apps/v1:Deployment  web       updating (5s)  waiting: 2/3 pods ready

   0 done, 1 running, 5s
   "
  `);
  shown.display.close();
});

test('many events are drawn ten times a second at most', () => {
  const shown = screen(options);
  beginning.forEach((event) => shown.display.handle(event));
  for (let i = 0; i < 200; i++) {
    shown.display.handle({ type: 'step-start', step: step('create', 'k:core:Thing', `t${i}`) });
    jest.advanceTimersByTime(5);
  }
  const draws = shown.text().split('done,').length - 1;
  expect(draws).toBeGreaterThan(5);
  expect(draws).toBeLessThanOrEqual(10);
  shown.display.close();
});

test('a tree larger than the terminal gives way to what is running now', () => {
  const shown = screen(options);
  shown.rows = 12;
  beginning.forEach((event) => shown.display.handle(event));
  for (let i = 0; i < 30; i++) {
    const thing = step('create', 'k:core:Thing', `t${i}`);
    shown.display.handle({ type: 'step-start', step: thing });
    if (i < 10) shown.display.handle({ type: 'step-done', step: thing });
  }
  jest.advanceTimersByTime(100);
  const lines = terminal(shown.text());
  expect(lines.length).toBeLessThanOrEqual(14);
  expect(lines.join('\n')).toContain('k:core:Thing  t10');
  expect(lines.join('\n')).toContain('10 done, 20 running');
  expect(lines.join('\n')).toMatch(/… \d+ more/);
  shown.display.close();
});

test('lines never exceed the width, and a terminal made narrower is cleared of what its lines became', () => {
  const shown = screen({ ...options, color: true });
  [...beginning, { type: 'step-start' as const, step: namespace }].forEach((event) => shown.display.handle(event));
  shown.display.handle({ type: 'step-status', urn: namespace.urn, message: 'waiting '.repeat(40) });
  shown.columns = 60;
  jest.advanceTimersByTime(100);
  const drawn = terminal(shown.text());
  expect(Math.max(...drawn.map((line) => line.length))).toBe(60);
  shown.columns = 30;
  const before = shown.text().length;
  shown.display.close();
  const rows = drawn.slice(2, -1).reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 30)), 0);
  expect(shown.text().slice(before)).toContain(`\u001b[${rows}A`);
});

test('a terminal of unknown size is drawn on like a usual one', () => {
  const shown = Object.assign(screen(options), { columns: 0, rows: 0 });
  [...beginning, { type: 'step-start' as const, step: namespace }].forEach((event) => shown.display.handle(event));
  jest.advanceTimersByTime(100);
  expect(terminal(shown.text()).join('\n')).toContain('creating');
  shown.display.close();
});

test('children of a component stand under it although they came first', () => {
  const parent = urnOf('shop:Database', 'late');
  const child = step('create', 'k:core:Thing', 'child', { parent });
  const events = [child, step('create', 'shop:Database', 'late')].map((s) => ({ type: 'step-done' as const, step: s }));
  const text = terminal(show([...beginning, ...events], options));
  const at = (name: string) => text.findIndex((line) => line.includes(name));
  expect(text[at('child')]).toContain('└─ k:core:Thing');
  expect(at('child')).toBe(at('late') + 1);
});
