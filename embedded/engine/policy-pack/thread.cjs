/**
 * Runs in a policy pack's thread, whose workerData names the pack's folder and where it works. Packages are loaded ahead of tsx,
 * which would look into every file of theirs for something to compile, and with a changed SDK: language/sdk-patches.cjs.
 */
const { createRequire } = require('node:module');
const path = require('node:path');
const { workerData } = require('node:worker_threads');
const { changeSdk } = require('../language/sdk-patches.cjs');

const { folder, workingDirectory } = workerData;
// Threads have none of their own.
process.cwd = () => workingDirectory;
const load = createRequire(path.join(folder, 'index.js'));
if (process.env.AIOS_SDK_PATCHES !== 'off') changeSdk();
loadEarly('@pulumi/policy');
require('tsx/cjs');
require('../protocol/fast-struct.ts').accelerateStruct(load);
// By the rules of node for folders, as the SDK's cmd/run-policy-pack.
load(folder);

function loadEarly(name) {
  try {
    load(name);
  } catch {
    // A pack may do without. One that does not fails when it loads it itself.
  }
}
