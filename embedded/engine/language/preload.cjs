/**
 * Loaded into the program's process ahead of the SDK. It does four things.
 *
 * It begins early: what every program needs is loaded while the engine still loads itself and the state. Then it waits for
 * orders (program-process.ts): the arguments of `cmd/run`, and the environment, which holds the stack's configuration.
 *
 * No program outlives its engine: left alone by a kill -9, the SDK would ask a dead address for ever. The engine holds the
 * other end of a pipe, which closes with it, whatever way it dies.
 *
 * The start is halved: 1.2 s and 150 MB less on two cores.
 * - What serialises functions (pulumi.dynamic, serializeFunction, computeCodePaths) loads the TypeScript compiler and npm's
 *   arborist. Few programs use it: it is loaded when first called. The same goes for pulumi.automation.
 * - To serialise functions, Node's debugger is enabled, which slows everything down. Without it, only the messages on
 *   functions that cannot be serialised lack the file's name.
 * - Tracing loads OpenTelemetry's exporters. The engine never asks for it.
 * - source-map-support formats the stack that the SDK takes of every promise. Whoever transpiles the program (tsx,
 *   ts-node) has already put its own source maps in place.
 *
 * Each resource costs half as much: 2.5 ms less of the program's time, 1 ms less of the engine's.
 * - The SDK sends the engine four debug messages for each resource, which the engine doesn't show, and the stack of the
 *   constructor's call, which the engine doesn't keep.
 * - The stack that it takes of every promise is for PULUMI_DEBUG_PROMISE_LEAKS only. Formatting it takes longer than
 *   everything else that the SDK does for a resource.
 * - Properties stay in their binary form: see fast-struct.cjs.
 */
const { readSync } = require('node:fs');
const Module = require('node:module');
const { Socket } = require('node:net');
const { isMainThread } = require('node:worker_threads');
const { accelerateStruct } = require('../protocol/fast-struct.cjs');

/** The descriptor of the pipe: the last of `stdio` in program-process.ts. */
const ENGINE = 3;

/** What depends on neither arguments nor configuration, and takes long to load. */
const EARLY = [
  '@opentelemetry/api',
  '@grpc/grpc-js',
  '@pulumi/pulumi/proto/engine_grpc_pb',
  '@pulumi/pulumi/proto/resource_grpc_pb',
];

/** What stands for a module of the SDK, by who requires it and how. `load` loads the module itself. */
const SUBSTITUTES = {
  'cmd/run/index.js': {
    'source-map-support/register': () => ({}),
    '../../runtime/closure/v8Hooks': () => ({ isInitializedAsync: () => Promise.resolve() }),
  },
  'cmd/run/run.js': { './tracing': () => ({ newSpan: () => SPAN }) },
  'runtime/index.js': {
    './closure/serializeClosure': (load) => ({
      serializeFunction: (...args) => load().serializeFunction(...args),
      serializeFunctionAsync: (...args) => load().serializeFunctionAsync(...args),
    }),
    './closure/codePaths': (load) => ({ computeCodePaths: (...args) => load().computeCodePaths(...args) }),
  },
  'index.js': {
    './automation': (load) => new Proxy({}, { get: (_, name) => name === '__esModule' || load()[name] }),
  },
};

/** What is changed in modules of the SDK once they are loaded. */
const CHANGES = {
  'log/index.js': (exports) => {
    exports.debug = () => Promise.resolve();
  },
  'resource.js': ({ Resource }) => {
    Resource.stackTrace = () => [];
  },
  'runtime/debuggable.js': (exports) => {
    if (exports.debugPromiseLeaks) return;
    const { debuggablePromise } = exports;
    exports.debuggablePromise = (promise, context) => withoutStack(() => debuggablePromise(promise, context));
  },
};

/** A span of nobody's trace. */
const SPAN = { setAttribute: () => SPAN, addEvent: () => SPAN, end: () => undefined };

const SDK = '/node_modules/@pulumi/pulumi/';

if (isMainThread) {
  changeSdk();
  loadEarly(process.argv[1]);
  obey(readOrders());
  endWithEngine();
}

function changeSdk() {
  const loadInto = Module.prototype.load;
  Module.prototype.load = function (filename) {
    loadInto.call(this, filename);
    const [, file] = filename.split(SDK);
    CHANGES[file]?.(this.exports);
  };

  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const [, from] = parent?.filename?.split(SDK) ?? [];
    const substitute = SUBSTITUTES[from]?.[request];
    const original = () => load.call(this, request, parent, isMain);
    return substitute ? substitute(original) : original();
  };
}

function withoutStack(work) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function loadEarly(runner) {
  // OpenTelemetry, if it is wanted, has to be in place before gRPC is loaded.
  if (process.env.TRACEPARENT) return;
  const require = Module.createRequire(runner);
  for (const name of EARLY) require(name);
  accelerateStruct(require);
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
  for (const name of Object.keys(process.env)) if (!(name in orders.environment)) delete process.env[name];
  Object.assign(process.env, orders.environment);
}

function endWithEngine() {
  new Socket({ fd: ENGINE })
    .on('close', () => process.kill(process.pid, 'SIGKILL'))
    .resume()
    .unref();
}
