import { UNKNOWN_SENTINEL } from '../../../../../embedded/engine/values/wire';
import { beginning, deployment, password, show, wholeRun } from './run';

interface Document {
  steps: {
    op: string;
    urn: string;
    newState?: { inputs: unknown };
    oldState?: object;
    detailedDiff: unknown;
    failed?: true;
  }[];
  [key: string]: unknown;
}

const read = (text: string) => JSON.parse(text) as Document;

test('one document in the shape of the CLI', () => {
  const { steps, ...rest } = read(show(wholeRun, { json: true, preview: true }));
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
         "message": "the port is taken by mongodb://admin:[secret]@db
   see default/other",
         "severity": "error",
         "urn": "urn:pulumi:dev::shop::kubernetes:core/v1:Service::web",
       },
       {
         "message": "no probes",
         "severity": "warning",
         "urn": "urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::web",
       },
       {
         "message": "hello, [secret]",
         "severity": "info",
       },
     ],
     "duration": 65100000000,
     "outputs": {
       "fresh": "x[secret]",
       "password": "[secret]",
       "same": {
         "a": [
           1,
         ],
       },
       "url": "http://b",
     },
     "result": "failed",
   }
  `);
  expect(steps.map(({ op }) => op)).toEqual([
    'same',
    'same',
    'same',
    'create',
    'update',
    'replace',
    'delete-replaced',
    'create',
    'delete',
  ]);
  const update = steps.find(({ urn }) => urn === deployment.urn);
  expect(update).toMatchObject({ op: 'update', detailedDiff: null });
  expect(update?.oldState).toMatchObject({
    urn: deployment.urn,
    inputs: { spec: { replicas: 3, image: 'web:1' }, key: '[secret]' },
  });
  expect(update?.newState?.inputs).toEqual({
    spec: { replicas: 5, image: 'web:1', address: UNKNOWN_SENTINEL },
    key: '[secret]',
  });
  expect(steps[5]?.detailedDiff).toEqual({ 'spec.serviceName': { kind: 'update-replace', inputDiff: false } });
  expect(steps[7]?.failed).toBe(true);
});

test('no secret is in it', () => {
  const text = show(wholeRun, { json: true });
  expect(text).not.toContain(password);
  expect(text).not.toContain(Buffer.from(password).toString('base64'));
});

test('a run that never came to its end is a failed one', () => {
  expect(read(show(beginning, { json: true })).result).toBe('failed');
});
