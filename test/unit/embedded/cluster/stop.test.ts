import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopCluster } from '../../../../embedded/cluster';

let directory: string;
beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(tmpdir(), 'aios-stop-'));
  await fs.mkdir(path.join(directory, 'etcd'));
  await fs.writeFile(path.join(directory, 'notes'), 'of somebody');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await fs.rm(directory, { recursive: true });
});

test('a wipe deletes what a start has made, killed drafts included, and nothing else', async () => {
  const draft = path.join(directory, '.kubeconfig.1.draft');
  await fs.writeFile(draft, '');
  await fs.utimes(draft, 0, 0);
  await stopCluster({ directory, wipe: true });
  expect(await fs.readdir(directory)).toEqual(['notes']);
});

test('a full disk, which has no room for a lock, keeps nobody from deleting the data', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  jest.spyOn(fs, 'writeFile').mockRejectedValue(full);
  expect(await stopCluster({ directory, wipe: true })).toBe(0);
  expect(await fs.readdir(directory)).toEqual(['notes']);
});

test('a folder that cannot be written is named, with what to do', async () => {
  const refused = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
  jest.spyOn(fs, 'writeFile').mockRejectedValue(refused);
  await expect(stopCluster({ directory })).rejects.toThrow(`${directory} cannot be written, this user may not use it`);
});
