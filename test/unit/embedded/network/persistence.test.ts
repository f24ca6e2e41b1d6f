import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startNetwork } from '../../../../embedded/network';
import { send } from './client';
import { policy } from './policies';
import { withFolder } from './temporary-network';

it('finds the same world after a restart, but for what gateway processes knew', async () => {
  await withFolder(async (directory) => {
    const first = await startNetwork({ inProcess: true, directory });
    await send(first.clustersRegistry, 'POST', '/clusters', { id: 'c1' });
    await send(first.policiesSystem, 'POST', '/policy', policy());
    await send(first.gateway, 'POST', '/pre-check-policies/update', { add_node: 'x' });
    await fetch(`${first.policyCode}/rule.tar.gz`, { method: 'PUT', body: 'archive' });
    await first.close();

    const second = await startNetwork({ inProcess: true, directory });
    try {
      expect(second.clusters()).toEqual([{ id: 'c1' }]);
      expect(second.policies()).toMatchObject([{ policy_rule_uri: 'rule:v0.0.1-stable' }]);
      expect(second.gatewayMaps()).toEqual([{}]);
      expect(await (await fetch(`${second.policyCode}/rule.tar.gz`)).text()).toBe('archive');
    } finally {
      await second.close();
    }
  });
});

it('loses nothing that it has answered, however many write at once', async () => {
  await withFolder(async (directory) => {
    const network = await startNetwork({ inProcess: true, directory, timeScale: 0 });
    const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => send(network.clustersRegistry, 'POST', '/clusters', { id })));
    // Not closed: as if it had been killed now.
    const successor = await startNetwork({ inProcess: true, directory });
    try {
      expect(successor.clusters()).toHaveLength(50);
    } finally {
      await Promise.all([network.close(), successor.close()]);
    }
  });
});

it('names a damaged file', async () => {
  await withFolder(async (directory) => {
    const file = path.join(directory, 'clusters.json');
    writeFileSync(file, '[{');
    await expect(startNetwork({ inProcess: true, directory })).rejects.toThrow(`${file} is damaged`);
  });
});

it.each(['..%2F..%2Fescape', '.hidden', '%2e%2e'])('stores no archive under the name %s', async (name) => {
  await withFolder(async (directory) => {
    const network = await startNetwork({ inProcess: true, directory });
    try {
      const { status } = await fetch(`${network.policyCode}/${name}`, { method: 'PUT', body: 'x' });
      expect(status).toBeGreaterThanOrEqual(400);
    } finally {
      await network.close();
    }
  });
});
