import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { networkStatus, startNetwork, stopNetwork } from '../../../../../embedded/network';
import { send } from '../client';
import { withFolder } from '../temporary-network';

/** Two starts of a node process, on a busy machine. */
const patience = 60_000;

it(
  'serves on from one start to the next, on the same ports and with the same world',
  async () => {
    await withFolder(async (parent) => {
      const directory = path.join(parent, 'network');
      mkdirSync(directory);
      try {
        const first = await startNetwork({ directory });
        await send(first.clustersRegistry, 'POST', '/clusters', { id: 'c1' });
        const { pid = 0 } = await networkStatus({ directory });

        await startNetwork({ directory });
        expect((await networkStatus({ directory })).pid).toBe(pid);

        process.kill(pid, 'SIGKILL');
        const second = await startNetwork({ directory });
        expect(JSON.stringify(second)).toBe(JSON.stringify(first));
        expect((await networkStatus({ directory })).pid).not.toBe(pid);
        expect((await send(first.clustersRegistry, 'GET', '/clusters/c1')).body).toEqual({ id: 'c1' });
      } finally {
        await expect(stopNetwork({ directory })).resolves.toBe(true);
      }
      await expect(networkStatus({ directory })).resolves.toMatchObject({ isRunning: false });
      await expect(stopNetwork({ directory })).resolves.toBe(false);
    });
  },
  patience,
);
