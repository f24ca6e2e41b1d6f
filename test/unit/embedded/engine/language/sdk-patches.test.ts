import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SUBSTITUTES } from '../../../../../embedded/engine/language/sdk-patches.cjs';

const PATCHES = require.resolve('../../../../../embedded/engine/language/sdk-patches.cjs');
const SDK = path.dirname(require.resolve('@pulumi/pulumi/package.json'));
/** By whose names the changed files go. */
const PACKAGES = path.dirname(SDK);
/** What run.js asks of tracing only where it was given `--tracing`, which it never is. */
const NEVER_ASKED = ['start', 'stop'];

const substitutes = Object.entries(SUBSTITUTES).flatMap(([file, requests]) =>
  Object.entries(requests).map(([request, substitute]) => ({ file, request, substitute })),
);

/** What a script that has the SDK says, in a process of its own. */
function say(script: string): unknown {
  const output = execFileSync(process.execPath, ['--eval', script], { cwd: SDK, encoding: 'utf8' });
  return JSON.parse(output);
}

describe.each(substitutes)('what stands for $request in $file', ({ file, request, substitute }) => {
  const text = readFileSync(path.join(PACKAGES, file), 'utf8');
  const quoted = request.replaceAll('.', '\\.');
  const asked = new RegExp(`require\\("${quoted}"\\)`);

  test('stands where the SDK asks for it', () => {
    expect(text).toMatch(asked);
  });

  test('has all that is asked of it, and the module has it too', () => {
    const name = new RegExp(`(\\w+) = (?:__importStar\\()?${asked.source}`).exec(text)?.[1];
    const uses = name === undefined ? [] : [...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))];
    const names = [...new Set(uses.map(([, member = '']) => member))].filter((member) => !NEVER_ASKED.includes(member));
    const given = substitute(() => ({}));
    for (const member of names) expect([member, Reflect.has(given, member)]).toEqual([member, true]);
    // Those that load the module itself in the end are tried below.
    if (request.startsWith('.') && substitute.length === 0) {
      const original = path.join('..', path.dirname(file), request);
      const missing = say(`const all = require('./${original}'); process.stdout.write(JSON.stringify(
        ${JSON.stringify(Object.keys(given))}.filter((name) => !(name in all))), () => process.exit())`);
      expect(missing).toEqual([]);
    }
  });
});

test('the signatures that stand for a module are those of the SDK', () => {
  const given = SUBSTITUTES['policy/deserialize.js']?.['@pulumi/pulumi/runtime/rpc']?.(() => ({})) ?? {};
  expect(Object.keys(given)).not.toEqual([]);
  expect(jest.requireActual('@pulumi/pulumi/runtime/rpc')).toMatchObject(given);
});

/** What the SDK loads and does, changed or not. */
const observe = (change: string) =>
  say(`
    ${change}
    const pulumi = require('.');
    const has = (part) => Object.keys(require.cache).some((file) => file.includes(part));
    const atStart = { compiler: has('/typescript/lib/'), automation: has('/@pulumi/pulumi/automation/') };
    let tellsEngine = false;
    require('./runtime/settings').getEngine = () => void (tellsEngine = true);
    pulumi.log.debug('registering');
    const promise = Promise.resolve();
    require('./runtime/debuggable').debuggablePromise(promise, 'a test');
    const observed = {
      ...atStart,
      tellsEngine,
      stackOfResource: pulumi.Resource.stackTrace(0).length > 0,
      stackOfPromise: promise._debugStackTrace.includes('\\n'),
      runsPrograms: typeof pulumi.automation.LocalWorkspace.createStack,
      serialises: typeof pulumi.runtime.serializeFunction,
    };
    pulumi.runtime.serializeFunction(() => 1).then(({ text }) =>
      process.stdout.write(JSON.stringify({ ...observed, isSerialised: text.includes('return 1') || text.includes('=> 1') }), () => process.exit(0)),
    );
  `);

const works = { runsPrograms: 'function', serialises: 'function', isSerialised: true };

test('the SDK as it is does what the patches spare', () => {
  const spared = { compiler: true, automation: true, tellsEngine: true, stackOfResource: true, stackOfPromise: true };
  expect(observe('')).toEqual({ ...spared, ...works });
});

test('the changed SDK does none of it, and still whatever a program may ask', () => {
  const spared = {
    compiler: false,
    automation: false,
    tellsEngine: false,
    stackOfResource: false,
    stackOfPromise: false,
  };
  expect(observe(`require('${PATCHES}').changeSdk();`)).toEqual({ ...spared, ...works });
});
