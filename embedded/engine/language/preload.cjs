/**
 * Loaded into the program's process ahead of the SDK.
 *
 * It begins early: what every program needs is loaded while the engine still loads itself and the state. Then it waits for
 * orders (program-process.ts): the arguments of `cmd/run`, and the environment, which holds the stack's configuration.
 *
 * No program outlives its engine: left alone by a kill -9, the SDK would ask a dead address for ever. The engine holds the
 * other end of a pipe, which closes with it, whatever way it dies.
 */
const { readSync } = require('node:fs');
const { createRequire } = require('node:module');
const { Socket } = require('node:net');
const { isMainThread } = require('node:worker_threads');
const { changeSdk } = require('./sdk-patches.cjs');

/** The descriptor of the pipe: the last of `stdio` in program-process.ts. */
const ENGINE = 3;

/** What depends on neither arguments nor configuration, and takes long to load. */
const EARLY = [
  '@opentelemetry/api',
  '@grpc/grpc-js',
  '@pulumi/pulumi/proto/engine_grpc_pb',
  '@pulumi/pulumi/proto/resource_grpc_pb',
];

if (isMainThread) {
  if (process.env.AIOS_SDK_PATCHES !== 'off') changeSdk();
  loadEarly(process.argv[1]);
  obey(readOrders());
  endWithEngine();
}

function loadEarly(runner) {
  // OpenTelemetry, if it is wanted, has to be in place before gRPC is loaded.
  if (process.env.TRACEPARENT) return;
  const load = createRequire(runner);
  for (const name of EARLY) load(name);
}

/** Waits for the line that holds them. */
function readOrders() {
  const chunks = [];
  const buffer = Buffer.alloc(64 * 1024);
  do {
    const length = readSync(ENGINE, buffer);
    // The engine has ended, or has no use for a program.
    if (length === 0) process.exit();
    chunks.push(Buffer.from(buffer.subarray(0, length)));
  } while (chunks.at(-1).at(-1) !== '\n'.charCodeAt(0));
  return JSON.parse(Buffer.concat(chunks).toString());
}

function obey(orders) {
  process.argv.push(...orders.arguments);
  for (const name of Object.keys(process.env))
    if (!(name in orders.environment)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, orders.environment);
}

function endWithEngine() {
  new Socket({ fd: ENGINE })
    .on('close', () => process.kill(process.pid, 'SIGKILL'))
    .resume()
    .unref();
}
