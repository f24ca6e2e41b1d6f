/** A small run to show: one of each operation, a failure, secrets where they must not be seen. */
import type { DisplayEvent, Op, StepInfo } from '../../../../../embedded/engine/display/events';
import { type Display, type DisplayOptions, createDisplay } from '../../../../../embedded/engine/display';
import { type PropertyMap, Secret, unknown } from '../../../../../embedded/engine/values/value';

export const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const stackUrn = urnOf('pulumi:pulumi:Stack', 'shop-dev');
const view = (inputs: PropertyMap) => ({ inputs, outputs: {} });

export function step(op: Op, type: string, name: string, rest: Partial<StepInfo> = {}): StepInfo {
  return { op, urn: urnOf(type, name), type, name, parent: stackUrn, ...rest };
}

export const password = 'correct-horse-battery';
const component = urnOf('shop:Database', 'orders');

export const namespace = step('create', 'kubernetes:core/v1:Namespace', 'data', {
  new: view({ metadata: { name: 'data', labels: { app: 'x' } }, token: new Secret(password) }),
});
export const deployment = step('update', 'kubernetes:apps/v1:Deployment', 'web', {
  parent: component,
  old: view({ spec: { replicas: 3, image: 'web:1' }, key: new Secret('first-secret-key') }),
  new: view({ spec: { replicas: 5, image: 'web:1', address: unknown }, key: new Secret('second-secret-key') }),
});
const service = step('create', 'kubernetes:core/v1:Service', 'web', { parent: deployment.urn, new: view({}) });

const finished = (done: StepInfo): DisplayEvent[] => [
  { type: 'step-start', step: done },
  { type: 'step-done', step: done },
];

export const beginning: DisplayEvent[] = [
  {
    type: 'prelude',
    stack: 'dev',
    project: 'shop',
    operation: 'update',
    config: { 'shop:password': new Secret(password), 'shop:size': '3' },
  },
  { type: 'step-done', step: step('same', 'pulumi:pulumi:Stack', 'shop-dev', { parent: undefined }) },
  { type: 'step-done', step: step('same', 'shop:Database', 'orders') },
  { type: 'step-done', step: step('same', 'kubernetes:core/v1:Secret', 'quiet') },
];

export const end: DisplayEvent = {
  type: 'summary',
  changes: { create: 1, update: 1, replace: 1, delete: 1, same: 40 },
  durationMs: 65_100,
  result: 'failed',
};

export const wholeRun: DisplayEvent[] = [
  ...beginning,
  ...finished(namespace),
  ...finished(deployment),
  ...finished(
    step('replace', 'kubernetes:apps/v1:StatefulSet', 'db', {
      parent: component,
      old: view({ spec: { serviceName: 'a' } }),
      new: view({ spec: { serviceName: 'b' } }),
      detailedDiff: { 'spec.serviceName': 'update-replace' },
    }),
  ),
  ...finished(step('delete-replaced', 'kubernetes:apps/v1:StatefulSet', 'db', { parent: component, old: view({}) })),
  { type: 'step-start', step: service },
  {
    type: 'diagnostic',
    severity: 'error',
    urn: service.urn,
    message: `the port is taken by \u001b[31mmongodb://admin:${password}@db\u001b[0m\nsee default/other`,
  },
  { type: 'step-done', step: service, failed: true },
  ...finished(step('delete', 'kubernetes:core/v1:ConfigMap', 'old', { old: view({}) })),
  { type: 'diagnostic', severity: 'warning', urn: deployment.urn, message: 'no probes' },
  { type: 'diagnostic', severity: 'info', message: `hello, ${Buffer.from(password).toString('base64')}` },
  { type: 'diagnostic', severity: 'debug', message: 'not for users' },
  {
    type: 'outputs',
    old: { url: 'http://a', gone: 1, same: { a: [1] }, password: new Secret(password) },
    new: { url: 'http://b', same: { a: [1] }, password: new Secret('another-secret'), fresh: `x${password}` },
  },
  end,
];

export interface Screen {
  display: Display;
  /** Everything written so far. */
  text(): string;
  columns: number;
  rows: number;
}

export function screen(options: Partial<DisplayOptions> = {}): Screen {
  let written = '';
  const size = { columns: 150, rows: 30 };
  const stream = {
    write: (text: string) => (written += text),
    get columns() {
      return size.columns;
    },
    get rows() {
      return size.rows;
    },
  };
  const plain = { json: false, diff: false, isTTY: false, color: false, preview: false };
  const display = createDisplay({ stream, ...plain, ...options });
  return Object.assign(size, { display, text: () => written });
}

export function show(events: DisplayEvent[], options: Partial<DisplayOptions> = {}): string {
  const shown = screen(options);
  for (const event of events) shown.display.handle(event);
  shown.display.close();
  return shown.text();
}
