import { ServerCredentials } from '@grpc/grpc-js';
import { EngineLog } from './engine-log';
import { Provider } from './protocol/provider';
import { serverOf } from './protocol/server';

/**
 * The provider plugin `aios`, as the engine starts it: with its own address as an argument, waiting for the port on stdout.
 */
const engineAddress = process.argv.slice(2).find((argument) => /:\d+$/.test(argument));
const server = serverOf(new Provider(new EngineLog(engineAddress)));

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
