import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { credentials } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import type { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

const CHECKOUT = path.resolve(__dirname, '../..');
const PLUGIN = path.join(CHECKOUT, 'policies/provider');

test('the plugin starts as the pulumi CLI starts it: by the SDK, under ts-node, the port as the first line', async () => {
  const plugin = spawn(process.execPath, [require.resolve('@pulumi/pulumi/cmd/run-plugin'), PLUGIN, '127.0.0.1:1'], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(plugin, 'close');
  try {
    const lines = createInterface(plugin.stdout)[Symbol.asyncIterator]();
    const { value: port } = (await lines.next()) as IteratorResult<string, undefined>;
    expect(port).toMatch(/^\d+$/);
    const client = new ResourceProviderClient(`127.0.0.1:${port ?? ''}`, credentials.createInsecure());
    const info = await new Promise<PluginInfo>((resolve, reject) =>
      client.getPluginInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    client.close();
    expect(info.getVersion()).not.toBe('');
  } finally {
    plugin.kill();
    await closed;
  }
});
