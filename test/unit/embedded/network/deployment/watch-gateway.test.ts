import { setTimeout as delay } from 'node:timers/promises';
import { resolveBugs } from '../../../../../embedded/network/behaviour';
import { watchGateway } from '../../../../../embedded/network/deployment/watch-gateway';
import { Gateway } from '../../../../../embedded/network/gateway/gateway';
import { withFolder } from '../temporary-network';
import { FakeApiServer, readyPod } from './api-server';

const mapName = 'CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP';
const withMap = (map: object) => ({ env: [{ name: mapName, value: JSON.stringify(map) }] });
const fromConfigMap = { env: [{ name: mapName, valueFrom: { configMapKeyRef: { name: 'maps', key: 'network' } } }] };

/** A gateway whose processes are the pods of a fake API server. */
async function withWatch(
  prepare: (server: FakeApiServer) => void,
  test: (server: FakeApiServer, gateway: Gateway) => Promise<void>,
): Promise<void> {
  const server = new FakeApiServer();
  prepare(server);
  await withFolder(async (directory) => {
    const kubeconfig = await server.start(directory);
    const unused = () => Promise.reject(new Error('not asked'));
    const gateway = new Gateway(resolveBugs(), { address: () => '', send: unused, download: unused });
    const observer = { onProcesses: gateway.setProcesses.bind(gateway), log: () => undefined };
    const stop = await watchGateway({ kubeconfig, context: 'fake' }, observer);
    try {
      await test(server, gateway);
    } finally {
      stop();
      await server.stop();
    }
  });
}

async function mapsBecome(gateway: Gateway, expected: unknown[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (JSON.stringify(gateway.maps()) !== JSON.stringify(expected) && performance.now() < deadline) await delay(10);
  expect(gateway.maps()).toEqual(expected);
}

const update = async (gateway: Gateway, map: object) => {
  const route = gateway.nextRoutes()?.find(({ pattern }) => pattern === '/pre-check-policies/update');
  const call = { method: 'POST', path: '', parameters: {}, query: new URLSearchParams(), content: Buffer.alloc(0) };
  await route?.handle({ ...call, contentType: 'application/json', json: () => map });
};

it('starts with a process for each ready pod, in its environment', async () => {
  await withWatch(
    (server) => {
      const starting = readyPod('b', withMap({}));
      server.pods = [readyPod('a', withMap({ add_node: 'x' })), { ...starting, status: { conditions: [] } }];
    },
    async (_, gateway) => {
      expect(gateway.maps()).toEqual([{ add_node: 'x' }]);
      return Promise.resolve();
    },
  );
});

it('starts a new process for a new pod, and ends that of a pod that ends', async () => {
  await withWatch(
    (server) => {
      server.pods = [readyPod('a', withMap({}))];
    },
    async (server, gateway) => {
      await update(gateway, { add_block: 'told' });
      server.emit('ADDED', readyPod('b', withMap({ add_node: 'new' })));
      await mapsBecome(gateway, [{ add_block: 'told' }, { add_node: 'new' }]);
      const old = readyPod('a', withMap({}));
      server.emit('MODIFIED', { ...old, metadata: { ...old.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
      await mapsBecome(gateway, [{ add_node: 'new' }]);
      server.emit('DELETED', readyPod('b', {}));
      await mapsBecome(gateway, []);
    },
  );
});

it.each([
  ['a reference', fromConfigMap],
  ['an import', { envFrom: [{ configMapRef: { name: 'imported' } }] }],
])('reads a ConfigMap by %s when a process starts, not later', async (_, container) => {
  const set = (server: FakeApiServer, map: object) => {
    const text = JSON.stringify(map);
    server.configMaps = { maps: { network: text }, imported: { [mapName]: text } };
  };
  await withWatch(
    (server) => {
      set(server, { add_node: 'first' });
      server.pods = [readyPod('a', container)];
    },
    async (server, gateway) => {
      set(server, { add_node: 'second' });
      server.emit('MODIFIED', readyPod('a', container));
      server.emit('ADDED', readyPod('b', container));
      await mapsBecome(gateway, [{ add_node: 'first' }, { add_node: 'second' }]);
    },
  );
});

it('keeps processes while the API server is away, and sees afterwards what has changed', async () => {
  await withWatch(
    (server) => {
      server.pods = [readyPod('a', withMap({})), readyPod('b', withMap({}))];
    },
    async (server, gateway) => {
      await update(gateway, { add_block: 'told' });
      await server.stop();
      server.pods = [readyPod('a', withMap({})), readyPod('c', withMap({ add_node: 'new' }))];
      expect(gateway.maps()).toEqual([{ add_block: 'told' }, {}]);
      await server.startAgain();
      await mapsBecome(gateway, [{ add_block: 'told' }, { add_node: 'new' }]);
    },
  );
});
