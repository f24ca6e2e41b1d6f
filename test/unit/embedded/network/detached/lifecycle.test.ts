import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { networkStatus, startNetwork, stopNetwork } from '../../../../../embedded/network';
import { send, useTokens } from '../client';
import { cluster } from '../policies';
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
        useTokens(first);
        await send(first.clustersRegistry, 'POST', '/clusters', cluster('c1'));
        const { pid = 0 } = await networkStatus({ directory });

        await startNetwork({ directory });
        expect((await networkStatus({ directory })).pid).toBe(pid);

        process.kill(pid, 'SIGKILL');
        const second = await startNetwork({ directory });
        useTokens(second);
        expect(JSON.stringify({ ...second, token: '' })).toBe(JSON.stringify({ ...first, token: '' }));
        expect(second.token).not.toBe(first.token);
        expect((await networkStatus({ directory })).pid).not.toBe(pid);
        expect((await send(first.clustersRegistry, 'GET', '/clusters/c1')).body).toMatchObject({ id: 'c1' });
      } finally {
        await expect(stopNetwork({ directory })).resolves.toBe(true);
      }
      await expect(networkStatus({ directory })).resolves.toMatchObject({ isRunning: false });
      await expect(stopNetwork({ directory })).resolves.toBe(false);
    });
  },
  patience,
);
