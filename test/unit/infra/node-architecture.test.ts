import { onArchitecture } from '../../../infra/node-architecture';

const transformed = (type: string, props: object) =>
  onArchitecture('amd64')({ type, props, name: 'one', opts: {}, resource: {} as never })?.props;

test('pods of all workloads go to nodes of the architecture, beside what they are selected by already', () => {
  const pod = { nodeSelector: { registry: 'yes' }, containers: [] };
  const selecting = { nodeSelector: { registry: 'yes', 'kubernetes.io/arch': 'amd64' }, containers: [] };
  const metadata = { name: 'one' };
  for (const kind of ['Deployment', 'StatefulSet']) {
    const props = { metadata, spec: { replicas: 1, template: { spec: pod } } };
    expect(transformed(`kubernetes:apps/v1:${kind}`, props)).toEqual({
      metadata,
      spec: { replicas: 1, template: { spec: selecting } },
    });
  }
  const job = (spec: object) => ({ spec: { schedule: '@daily', jobTemplate: { spec: { template: { spec } } } } });
  expect(transformed('kubernetes:batch/v1:CronJob', job({ containers: [] }))).toEqual(
    job({ nodeSelector: { 'kubernetes.io/arch': 'amd64' }, containers: [] }),
  );
});

test('what has no pods stays as it is', () => {
  expect(transformed('kubernetes:core/v1:Service', { spec: {} })).toBeUndefined();
});
