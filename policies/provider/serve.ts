import { fstatSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { EngineLog } from './engine-log';
import { Provider } from './protocol/provider';
import { serverOf } from './protocol/server';

/**
 * The provider plugin `aios`, as the engine starts it: with its own address as an argument, waiting for the port on stdout.
 * The embedded engine offers a socket that nobody else can reach; the CLI knows ports only.
 */
const engineAddress = process.argv.slice(2).find((argument) => /^unix:|:\d+$/.test(argument));
endWithEngine();
const server = serverOf(new Provider(new EngineLog(engineAddress)));

const socket = process.env.PULUMI_ENGINE_LISTEN;
server.bindAsync(socket ?? '127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // As text: console.log paints numbers where FORCE_COLOR is set, and no engine reads a painted port.
  console.log(socket ?? String(port));
});

/** The CLI holds the other end of the input of what it starts itself: killed, it can end nobody. Language hosts give none. */
function endWithEngine(): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on('end', () => process.exit()).resume();
}
