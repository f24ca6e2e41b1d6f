import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { accelerateStruct } from '../../protocol/fast-struct';

/**
 * Runs in the plugin's process: `node --require tsx/cjs launcher.ts <folder> <engine address>`. It does what the SDK's
 * cmd/run-plugin does, but leaves type checking (several seconds at each start) to the checks of the project, and ends the
 * process when the engine, which holds the other end of stdin, is gone, however that ended.
 */
async function main(): Promise<void> {
  const [node = '', , folder = '', ...args] = process.argv;
  const entry = resolve(folder);
  process.argv = [node, entry, ...args];
  process.stdin.on('end', () => process.exit()).resume();
  if ('unref' in process.stdin) process.stdin.unref();
  accelerateStruct(createRequire(join(entry, 'index.js')));
  // By the rules of node for folders.
  const loaded: unknown = require(entry);
  await (typeof loaded === 'function' ? (loaded as () => unknown)() : loaded);
}

void main();
