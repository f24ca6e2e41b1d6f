import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writePrivate } from '../shared/files/private-file';
import { RELATIVE, type ClusterFolder } from './paths';

/**
 * Makes the data ready for etcd, which must not run. An etcd that is ended in its first moments (as the start that it
 * belonged to was killed) leaves a log without its own membership, with which it never elects a leader again. Nobody can
 * have stored anything in data that was never served: it is deleted.
 */
export async function prepareData({ root }: ClusterFolder): Promise<void> {
  const data = path.join(root, RELATIVE.data);
  const neverServed = path.join(root, RELATIVE.neverServed);
  if (existsSync(neverServed)) await rm(data, { recursive: true, force: true });
  else if (!existsSync(data)) await writePrivate(neverServed, 'The data of etcd was not served yet.\n');
}

/** To be called once the API server answers from the data, which from now on is somebody's. */
export async function keepData({ root }: ClusterFolder): Promise<void> {
  await rm(path.join(root, RELATIVE.neverServed), { force: true });
}
