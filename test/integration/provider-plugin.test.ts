import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { credentials } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import type { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

const CHECKOUT = path.resolve(__dirname, '../..');
const PLUGIN = path.join(CHECKOUT, 'policies/provider');

test('the plugin starts as language hosts of the pulumi CLI start it: by the SDK, under ts-node', async () => {
  const runner = require.resolve('@pulumi/pulumi/cmd/run-plugin');
  const plugin = spawn(process.execPath, [runner, PLUGIN, '127.0.0.1:1'], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(plugin, 'close');
  try {
    expect(await versionOf(plugin.stdout)).not.toBe('');
  } finally {
    plugin.kill();
    await closed;
  }
});

test('the plugin starts as the pulumi CLI itself starts it, from any folder, and ends with it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'aios plugin '));
  await symlink(PLUGIN, path.join(folder, 'provider'));
  const program = path.join(folder, 'provider/pulumi-resource-aios');
  const plugin = spawn(program, ['127.0.0.1:1'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(plugin, 'close');
  try {
    expect(await versionOf(plugin.stdout)).not.toBe('');
    // As it does when the CLI is killed.
    plugin.stdin.end();
    await closed;
  } finally {
    plugin.kill();
    await rm(folder, { recursive: true });
  }
});

/** Asks the plugin whose first line is its port. */
async function versionOf(stdout: Readable): Promise<string> {
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const { value: port } = (await lines.next()) as IteratorResult<string, undefined>;
  expect(port).toMatch(/^\d+$/);
  const client = new ResourceProviderClient(`127.0.0.1:${port ?? ''}`, credentials.createInsecure());
  const info = await new Promise<PluginInfo>((resolve, reject) =>
    client.getPluginInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  client.close();
  return info.getVersion();
}
