/**
 * Loaded into a policy pack's process ahead of the pack: changes the SDK, and loads what packs need of it. tsx, which comes after
 * it, would look into every file of that for something to compile.
 */
const { createRequire } = require('node:module');
const path = require('node:path');
const { changeSdk } = require('../language/sdk-patches.cjs');

if (process.env.AIOS_SDK_PATCHES !== 'off') changeSdk();
loadEarly(process.argv[2]);

/** @param folder the pack's; of a pack without packages that shows when it loads them itself */
function loadEarly(folder) {
  const load = createRequire(path.join(folder, 'index.js'));
  try {
    load('@pulumi/policy');
  } catch {
    return;
  }
}
