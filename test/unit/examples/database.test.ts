import { runProgram } from '../../pulumi-mocks';

test("the example's database is another one, on the example's own cluster", async () => {
  const config = { 'aios-network:context': 'reports-cluster' };
  const { resources, outputs } = await runProgram(() => import('../../../examples/database'), { config });

  const objects = resources.filter(({ type }) => type.startsWith('kubernetes:'));
  const set = objects.find(({ type }) => type === 'kubernetes:apps/v1:StatefulSet');
  expect(set).toMatchObject({
    protect: true,
    inputs: { metadata: { name: 'reports-db', namespace: 'reports' }, spec: { replicas: 3 } },
  });
  expect(new Set(objects.map(({ provider }) => provider.split('::').at(-2)))).toEqual(new Set(['reports']));
  expect(resources.find(({ type }) => type === 'pulumi:providers:kubernetes')?.inputs).toEqual({
    context: 'reports-cluster',
  });
  expect(outputs).toMatchObject({ connection: { key: 'reports' } });
});
