import type { DisplayEvent } from '../../../../../embedded/engine/display/events';
import { UNKNOWN_SENTINEL } from '../../../../../embedded/engine/values/wire';
import { beginning, deployment, password, show, step, wholeRun } from './run';

interface Document {
  steps: {
    op: string;
    urn: string;
    oldState?: Record<string, unknown>;
    newState?: Record<string, unknown>;
    detailedDiff: unknown;
  }[];
  [key: string]: unknown;
}

const preview = (events: DisplayEvent[]) => JSON.parse(show(events, { json: true, preview: true })) as Document;

test("one document with the CLI's keys, and no other", () => {
  const { steps, ...rest } = preview(wholeRun);
  expect(steps).not.toEqual([]);
  expect(rest).toMatchInlineSnapshot(`
   {
     "changeSummary": {
       "create": 1,
       "delete": 1,
       "replace": 1,
       "same": 40,
       "update": 1,
     },
     "config": {
       "shop:password": "[secret]",
       "shop:size": "3",
     },
     "diagnostics": [
       {
         "message": "error: the port is taken by mongodb://admin:[secret]@db
   see default/other
   ",
         "severity": "error",
         "urn": "urn:pulumi:dev::shop::kubernetes:core/v1:Service::web",
       },
       {
         "message": "warning: no probes
   ",
         "severity": "warning",
         "urn": "urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::web",
       },
       {
         "message": "hello, [secret]
   ",
         "severity": "info",
       },
       {
         "message": "error: preview failed
   ",
         "severity": "error",
       },
     ],
     "duration": 65100000000,
   }
  `);
});

test('steps that change something, and the stack: each as it is before it begins', () => {
  const { steps } = preview(wholeRun);
  expect(steps.map(({ op }) => op)).toEqual(['same', 'create', 'update', 'replace', 'create', 'delete']);
  const update = steps.find(({ urn }) => urn === deployment.urn);
  expect(update).toMatchObject({ op: 'update', detailedDiff: null });
  expect(update?.oldState).toMatchObject({
    urn: deployment.urn,
    custom: false,
    inputs: { spec: { replicas: 3, image: 'web:1' }, key: '[secret]' },
  });
  expect(update?.newState).not.toHaveProperty('outputs');
  expect(update?.newState?.inputs).toEqual({
    spec: { replicas: 5, image: 'web:1', address: UNKNOWN_SENTINEL },
    key: '[secret]',
  });
  expect(steps[3]?.detailedDiff).toEqual({ 'spec.serviceName': { kind: 'update-replace', inputDiff: false } });
});

test('of a refresh what it finds; before a preview that it takes place', () => {
  const view = (port: number) => ({ inputs: { port }, outputs: {} });
  const refresh = (name: string, found?: number): DisplayEvent[] => {
    const asked = step('refresh', 'a:b:C', name, { old: view(1), new: view(1) });
    const seen = { ...asked, new: found === undefined ? undefined : view(found) };
    return [
      { type: 'step-start', step: asked },
      { type: 'step-done', step: seen },
    ];
  };
  const run = (operation: 'refresh' | 'preview') => {
    const prelude = { type: 'prelude', stack: 'dev', operation, config: {} } as const;
    return preview([prelude, ...refresh('quiet', 1), ...refresh('moved', 2), ...refresh('gone')]).steps;
  };
  expect(run('refresh').map(({ op }) => op)).toEqual(['refresh', 'update', 'delete']);
  expect(run('preview').map(({ op }) => op)).toEqual(['refresh', 'refresh', 'refresh']);
});

test('no secret is in it', () => {
  const text = show(wholeRun, { json: true, preview: true });
  expect(text).not.toContain(password);
  expect(text).not.toContain(Buffer.from(password).toString('base64'));
});

test('of a run that never came to its end what there was; of one that never began nothing', () => {
  expect(preview(beginning)).not.toHaveProperty('changeSummary');
  expect(show([], { json: true, preview: true })).toBe('');
});
