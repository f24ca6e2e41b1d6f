import { ManagementCluster } from '../../../infra/management-cluster';
import { adoption } from '../../../infra/adoption';
import { networkConfig } from '../../network-config';
import { runProgram } from '../../pulumi-mocks';

const MANAGER = 'pulumi.com/patchFieldManager';

const database = (localPath: string) => ({ storage: { localPath }, nodes: ['a', 'b', 'c'], authentication: 'none' });
const config = networkConfig({
  cluster: { context: 'test', adopt: true },
  registry: database('/mnt/data/registry'),
  metrics: database('/mnt/data/metrics-db'),
});

test("upstream's kinds of objects have the field manager that they are handed over to, and others have their own", async () => {
  const { resources } = await runProgram(() => {
    new ManagementCluster('test', config, { transformations: [adoption] });
  });
  const objects = resources.filter(({ type }) => type.startsWith('kubernetes:') && !type.endsWith('Patch'));
  const handed = objects.filter(
    ({ inputs }) =>
      (inputs.metadata as { annotations: Record<string, string> }).annotations[MANAGER] === 'aios-network',
  );
  const kinds = (list: typeof objects) => [...new Set(list.map(({ inputs }) => inputs.kind as string))].sort();
  expect(kinds(handed)).toEqual(['Deployment', 'Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'Service']);
  const others = kinds(objects.filter((object) => !handed.includes(object)));
  expect(others.filter((kind) => kinds(handed).includes(kind))).toEqual([]);
});

test('a network keeps the node port that upstream gave its parser, unless the stack says otherwise', () => {
  const nodePort = (of: typeof config) => of.services.parser?.service.ports[0]?.nodePort;
  expect(nodePort(config)).toBe(30501);
  expect(nodePort(networkConfig())).toBe(30500);
});
