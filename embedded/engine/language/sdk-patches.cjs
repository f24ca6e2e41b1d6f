/**
 * Changes of the SDK, in the processes of the program and of policy packs, that make it do less. Nothing depends on them:
 * AIOS_SDK_PATCHES=off in the environment leaves it as it is. They name files of the SDK that are its own business:
 * test/unit/embedded/engine/language/ holds every one against the SDK that is installed.
 *
 * The start is halved: 1.2 s and 150 MB less on two cores.
 * - What serialises functions (pulumi.dynamic, serializeFunction, computeCodePaths) loads the TypeScript compiler and npm's
 *   arborist. Few programs use it: it is loaded when first called. The same goes for pulumi.automation.
 * - To serialise functions, Node's debugger is enabled, which slows everything down. Without it, only the messages on
 *   functions that cannot be serialised lack the file's name.
 * - Tracing loads OpenTelemetry's exporters. The engine never asks for it.
 * - Each policy reads a resource's properties anew.
 * - Policy packs want assets and signatures of the SDK (and Output, to remediate), and load all of it for them.
 * - source-map-support formats the stack that the SDK takes of every promise. Whoever transpiles the program (tsx,
 *   ts-node) has already put its own source maps in place.
 *
 * Each resource costs half as much: 2.5 ms less of the program's time, 1 ms less of the engine's.
 * - The SDK sends the engine four debug messages for each resource, which the engine doesn't show, and the stack of the
 *   constructor's call, which the engine doesn't keep.
 * - The stack that it takes of every promise is for PULUMI_DEBUG_PROMISE_LEAKS only. Formatting it takes longer than
 *   everything else that the SDK does for a resource.
 */
const Module = require('node:module');

/** What stands for a module of the SDK, by who requires it and how. `load` loads the module itself, or another. */
exports.SUBSTITUTES = {
  'pulumi/cmd/run/index.js': {
    'source-map-support/register': () => ({}),
    '../../runtime/closure/v8Hooks': () => ({ isInitializedAsync: () => Promise.resolve() }),
  },
  'pulumi/cmd/run/run.js': { './tracing': () => ({ newSpan: () => SPAN }) },
  'pulumi/runtime/index.js': {
    './closure/serializeClosure': (load) => ({
      serializeFunction: (...args) => load().serializeFunction(...args),
      serializeFunctionAsync: (...args) => load().serializeFunctionAsync(...args),
    }),
    './closure/codePaths': (load) => ({ computeCodePaths: (...args) => load().computeCodePaths(...args) }),
  },
  'pulumi/index.js': {
    './automation': (load) => new Proxy({}, { get: (_, name) => name === '__esModule' || load()[name] }),
  },
  'policy/deserialize.js': {
    '@pulumi/pulumi/runtime/rpc': () => SIGNATURES,
    '@pulumi/pulumi': (load) => ({
      asset: load('@pulumi/pulumi/asset'),
      get Output() {
        return load('@pulumi/pulumi/output').Output;
      },
    }),
  },
};

/** What is changed in modules of the SDK once they are loaded. */
exports.CHANGES = {
  'pulumi/log/index.js': (exports) => {
    exports.debug = () => Promise.resolve();
  },
  'pulumi/resource.js': ({ Resource }) => {
    Resource.stackTrace = () => [];
  },
  'pulumi/runtime/debuggable.js': (exports) => {
    if (exports.debugPromiseLeaks) return;
    const { debuggablePromise } = exports;
    exports.debuggablePromise = (promise, context) => withoutStack(() => debuggablePromise(promise, context));
  },
  'policy/deserialize.js': (exports) => {
    const { deserializeProperties } = exports;
    const known = new WeakMap();
    exports.deserializeProperties = (struct, proxySecrets) => {
      // To remediate is to change them.
      if (proxySecrets) return deserializeProperties(struct, proxySecrets);
      if (!known.has(struct)) known.set(struct, deserializeProperties(struct, proxySecrets));
      return known.get(struct);
    };
  },
};

/** What the protocol marks objects with that are more than objects. */
const SIGNATURES = {
  specialSigKey: '4dabf18193072939515e22adb298388d',
  specialAssetSig: 'c44067f5952c0a294b673a41bacd8c17',
  specialArchiveSig: '0def7320c3a5731c473e5ecbe6d01bc7',
  specialSecretSig: '1b47061264138c4ac30d75fd1eb44270',
};

/** A span of nobody's trace. */
const SPAN = { setAttribute: () => SPAN, addEvent: () => SPAN, end: () => undefined };

const SDK = '/node_modules/@pulumi/';

exports.changeSdk = () => {
  const loadInto = Module.prototype.load;
  Module.prototype.load = function (filename) {
    loadInto.call(this, filename);
    const [, file] = filename.split(SDK);
    exports.CHANGES[file]?.(this.exports);
  };

  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const [, from] = parent?.filename?.split(SDK) ?? [];
    const substitute = exports.SUBSTITUTES[from]?.[request];
    const original = (other = request) => load.call(this, other, parent, isMain);
    return substitute ? substitute(original) : original();
  };
};

function withoutStack(work) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
