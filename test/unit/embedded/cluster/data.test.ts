import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepData, prepareData } from '../../../../embedded/cluster/data';
import { clusterFolder, type ClusterFolder } from '../../../../embedded/cluster/paths';

let folder: ClusterFolder;
beforeEach(async () => {
  folder = await clusterFolder(await mkdtemp(path.join(tmpdir(), 'aios-data-')));
});
afterEach(() => rm(folder.root, { recursive: true }));

async function store(): Promise<void> {
  await mkdir(path.join(folder.root, 'etcd'));
  await writeFile(path.join(folder.root, 'etcd', 'db'), 'stored');
}

const content = async () => (await readdir(folder.root)).sort();

test('data that was never served is begun anew', async () => {
  await prepareData(folder);
  await store();
  await prepareData(folder);
  expect(await content()).toEqual(['etcd-never-served']);
});

test('data that was served is kept', async () => {
  await prepareData(folder);
  await store();
  await keepData(folder);
  await prepareData(folder);
  expect(await content()).toEqual(['etcd']);
});

test('data of a cluster from before this was noted is kept', async () => {
  await store();
  await prepareData(folder);
  expect(await content()).toEqual(['etcd']);
});
