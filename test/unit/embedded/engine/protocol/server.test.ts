import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb';
import { GetRootResourceRequest } from '@pulumi/pulumi/proto/engine_pb';
import { engineService } from '../../../../../embedded/engine/protocol/engine-service';
import { type RunningServer, serve } from '../../../../../embedded/engine/protocol/server';
import { PluginProcess } from '../../../../../embedded/engine/providers/plugin/plugin-process';

const NOBODY = 65534;
/** What Node prints on trying to connect to a socket. */
const attempt = (socket: string) =>
  `require('net').connect(${JSON.stringify(socket)}).on('connect', () => { console.log('in'); process.exit() })` +
  `.on('error', ({ code }) => console.log(code))`;
const pathOf = (address: string) => address.replace(/^unix:/, '');

let server: RunningServer;
beforeEach(async () => {
  // Nobody calls the monitor here.
  server = await serve(
    engineService(() => undefined),
    {},
  );
});
afterEach(() => server.close());

test('the engine answers on a socket in a folder of its owner alone, which goes with it', async () => {
  const client = new EngineClient(server.address, credentials.createInsecure());
  const answer = await new Promise((resolve, reject) =>
    client.getRootResource(new GetRootResourceRequest(), (error, response) =>
      error ? reject(error) : resolve(response.getUrn()),
    ),
  );
  client.close();
  expect(answer).toBe('');
  const folder = path.dirname(pathOf(server.address));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await server.close();
  expect(existsSync(folder)).toBe(false);
});

test('neither the engine nor the plugin aios can be reached by another user during a run', async () => {
  const checkout = path.resolve(__dirname, '../../../../..');
  const plugin = await PluginProcess.start({
    name: 'aios',
    folder: path.join(checkout, 'policies/provider'),
    workingDirectory: checkout,
    engineAddress: server.address,
    log: () => undefined,
  });
  try {
    for (const address of [server.address, plugin.address]) {
      const connect = (identity: object) =>
        spawnSync(process.execPath, ['-e', attempt(pathOf(address))], { encoding: 'utf8', cwd: '/', ...identity })
          .stdout;
      expect(address).toMatch(/^unix:/);
      expect(connect({})).toBe('in\n');
      // Only root can be somebody else.
      if (process.getuid?.() === 0) expect(connect({ uid: NOBODY, gid: NOBODY })).toBe('EACCES\n');
    }
  } finally {
    await plugin.close();
  }
});
