/**
 * Lets the SDK cost the program a third less, with what Node.js offers for that: nothing of the SDK is changed, and nothing depends
 * on it. AIOS_SDK_PATCHES=off in the environment does without, as for what embedded/engine does to the SDK.
 *
 * - What serialises functions loads the TypeScript compiler and npm's arborist; pulumi.automation and zod's translations are not
 *   used either. Each is loaded when something of it is first asked for.
 * - The SDK takes the stack of every promise, for PULUMI_DEBUG_PROMISE_LEAKS only. It is not formatted: that takes longer than
 *   everything else that the SDK does for a resource.
 * - Packages that the program uses are loaded before tsx, which would look into every file of theirs for something to compile.
 * - Source maps of what tsx compiles are not read: the source-map-support of a language host shows stacks without them.
 * - Where Node.js has a compile cache (22.1 and newer), what is loaded from here on is kept in it.
 */
const Module = require('node:module');
const path = require('node:path');

const SDK = require.resolve('@pulumi/pulumi');

/** What is loaded when it is used, by who requires it: as a namespace, with or without `__importStar`. */
const RARELY_USED = {
  [SDK]: ['@npmcli/arborist', 'typescript', '@pulumi/pulumi/automation'],
  [__filename]: ['zod/v4/locales'],
};

/** The SDK and what its errors load, for commands that read what a stack says and run no program. */
const USED_BY_PROGRAMS = { [SDK]: ['@grpc/grpc-js'], [__filename]: ['@pulumi/pulumi'] };

/** What the program uses in any case, and takes long to load. */
const ALWAYS_USED = ['@pulumi/pulumi', '@pulumi/kubernetes/provider', '@pulumi/random/provider', 'zod', 'yaml'];

/** Of the SDK, where it takes stacks of promises. */
const PROMISES = path.join(path.dirname(SDK), 'runtime/debuggable.js');

const IS_OFF = process.env.AIOS_SDK_PATCHES === 'off';

/** To be called before anything else of the program is loaded, tsx above all. */
exports.loadLess = () => {
  if (IS_OFF) return;
  Module.enableCompileCache?.(path.join(__dirname, '../node_modules/.cache/aios-network/compiled'));
  standIn(RARELY_USED);
  for (const name of ALWAYS_USED) require(name);
};

/** The same for a command that only reads what a stack says: the SDK itself is loaded when something of it is first asked for. */
exports.loadLeast = () => {
  if (IS_OFF) return;
  standIn(RARELY_USED);
  standIn(USED_BY_PROGRAMS);
  for (const name of ['zod', 'yaml']) require(name);
};

/** @param rarelyUsed names of packages, by who requires them */
function standIn(rarelyUsed) {
  for (const [from, names] of Object.entries(rarelyUsed)) for (const name of names) loadWhenUsed(name, from);
}

/** To be called after tsx, which has Node.js read source maps. */
exports.formatFewerStacks = () => {
  const format = Error.prepareStackTrace;
  // Node.js itself formats them, with source maps, where no language host has put source-map-support in place.
  if (IS_OFF || !format) return;
  process.setSourceMapsEnabled(false);
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFileName() === PROMISES ? '' : format.call(Error, error, frames);
};

/** Puts a stand-in where Node.js looks for modules that are loaded already. */
function loadWhenUsed(name, from) {
  const load = Module.createRequire(from);
  const file = resolved(load, name);
  if (file === undefined || require.cache[file]) return;
  const standIn = new Module(file);
  const loaded = () => {
    if (require.cache[file] === standIn) Reflect.deleteProperty(require.cache, file);
    return load(file);
  };
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      // Asked by __importStar, which would copy everything otherwise.
      get: (_, key) => key === '__esModule' || loaded()[key],
      has: (_, key) => key in loaded(),
      ownKeys: () => Reflect.ownKeys(loaded()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(loaded(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
  require.cache[file] = standIn;
}

/** @returns undefined if there is no such thing: another SDK may have no use for it */
function resolved(load, name) {
  try {
    return load.resolve(name);
  } catch {
    return undefined;
  }
}
