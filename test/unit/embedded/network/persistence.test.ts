import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { authorization, send } from './client';
import { cluster, policy } from './policies';
import { startHere, withFolder } from './temporary-network';

const put = (url: string, body: string) =>
  fetch(url, { method: 'PUT', headers: { ...authorization(url), 'content-type': 'application/gzip' }, body });

it('finds the same world after a restart, but for what gateway processes knew', async () => {
  await withFolder(async (directory) => {
    const first = await startHere({ directory });
    await send(first.clustersRegistry, 'POST', '/clusters', cluster('c1'));
    await send(first.policiesSystem, 'POST', '/policy', policy());
    await send(first.gateway, 'POST', '/pre-check-policies/update', { add_node: 'x' });
    await put(`${first.policyCode}/rule.tar.gz`, 'archive');
    await first.close();

    const second = await startHere({ directory });
    try {
      expect(second.clusters()).toMatchObject([{ id: 'c1' }]);
      expect(second.policies()).toMatchObject([{ policy_rule_uri: 'rule:v0.0.1-stable' }]);
      expect(second.gatewayMaps()).toEqual([{}]);
      const { body } = await send(second.policyCode, 'GET', '/rule.tar.gz');
      expect(body).toBe('archive');
    } finally {
      await second.close();
    }
  });
});

it('loses nothing that it has answered, however many write at once', async () => {
  await withFolder(async (directory) => {
    const network = await startHere({ directory });
    const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => send(network.clustersRegistry, 'POST', '/clusters', cluster(id))));
    // Not closed: as if it had been killed now.
    const successor = await startHere({ directory });
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
    await expect(startHere({ directory })).rejects.toThrow(`${file} is damaged`);
  });
});

it.each(['..%2F..%2Fescape', '.hidden', '%2e%2e'])('stores no archive under the name %s', async (name) => {
  await withFolder(async (directory) => {
    const network = await startHere({ directory });
    try {
      const { status } = await put(`${network.policyCode}/${name}`, 'x');
      expect(status).toBeGreaterThanOrEqual(400);
    } finally {
      await network.close();
    }
  });
});
