import { ServerCredentials } from '@grpc/grpc-js';
import { RandomProvider } from '../../engine/providers/random';
import { serverOf } from './server';

/** Found in error messages and by `pulumi about`: nobody shall take it for the official one. */
const VERSION = '0.0.0-aios-stand-in';

/** The stand-in for the official random provider, as the pulumi CLI starts it: it waits for the port on stdout. */
serverOf(new RandomProvider(), VERSION).bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // As text: console.log paints numbers where FORCE_COLOR is set, and the CLI reads no painted port.
  console.log(String(port));
});

// The CLI holds the other end: killed, it can end nobody.
process.stdin.on('end', () => process.exit()).resume();
