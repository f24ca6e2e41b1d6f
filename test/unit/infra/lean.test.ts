import { execFileSync } from 'node:child_process';
import path from 'node:path';

const LEAN = path.resolve(__dirname, '../../../infra/lean.js');

/** Runs a script in a process of its own, after infra/lean.js, as the program is. @returns what it prints, as JSON */
const run = (script: string, environment: Record<string, string> = {}): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['-e', `const lean = require(${JSON.stringify(LEAN)});${script}`], {
      cwd: path.dirname(LEAN),
      env: { PATH: process.env.PATH, ...environment },
      encoding: 'utf8',
    }),
  );

/** What is loaded of all that takes long and is rarely used. */
const LOADED = `
  const { isProxy } = require('node:util').types;
  const marks = { typescript: /typescript.lib.typescript\\.js$/, arborist: /arborist.lib.arborist.index\\.js$/,
    automation: /pulumi.automation.localWorkspace\\.js$/, translations: /zod.v4.locales.de\\.cjs$/ };
  const loaded = () => Object.keys(marks).filter((name) =>
    Object.entries(require.cache).some(([file, { exports }]) => marks[name].test(file) && !isProxy(exports)));
  const load = () => [lean.loadLess(), require('@pulumi/pulumi'), require('zod')];`;

test('of the SDK and zod only what the program uses is loaded', () => {
  expect(run(`${LOADED} load(); console.log(JSON.stringify(loaded()))`)).toEqual([]);
});

test('a command that only reads what a stack says loads the SDK when it asks something of it', () => {
  const script = `
    const isLoaded = () => Object.entries(require.cache).some(([file, { exports }]) =>
      /pulumi.pulumi.index\\.js$|grpc-js.build.src.index\\.js$/.test(file) && !require('node:util').types.isProxy(exports));
    lean.loadLeast();
    const { RunError } = require('@pulumi/pulumi/errors');
    const before = [RunError.isInstance(new RunError('wrong')), isLoaded()];
    const secret = typeof require('@pulumi/pulumi').secret;
    console.log(JSON.stringify([...before, secret, isLoaded()]))`;
  expect(run(script)).toEqual([true, false, 'function', true]);
});

test('AIOS_SDK_PATCHES=off loads all of it', () => {
  expect(run(`${LOADED} load(); console.log(JSON.stringify(loaded()))`, { AIOS_SDK_PATCHES: 'off' })).toEqual([
    ...['typescript', 'arborist', 'automation', 'translations'],
  ]);
});

test('the rest is loaded when it is used, and is what it would have been', () => {
  const script = `${LOADED}
    const [, pulumi, { z }] = load();
    const { Arborist } = require(require.resolve('@npmcli/arborist', { paths: [require.resolve('@pulumi/pulumi')] }));
    pulumi.runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify({
      text,
      workspace: typeof pulumi.automation.LocalWorkspace.create,
      arborist: typeof new Arborist({ path: '/nowhere' }).loadActual,
      translations: Object.keys(z.locales).includes('de') && 'de' in z.locales && { ...z.locales }.de().localeError !== undefined,
      loaded: loaded(),
    })));`;
  expect(run(script)).toEqual({
    loaded: ['typescript', 'arborist', 'automation', 'translations'],
    text: expect.stringContaining('return () => 42') as string,
    workspace: 'function',
    arborist: 'function',
    translations: true,
  });
});

describe('under a language host, whose SDK has source-map-support format stacks,', () => {
  const STACKS = `
    const load = require('node:module').createRequire(require.resolve('@pulumi/pulumi'));
    load('source-map-support/register');
    lean.formatFewerStacks();
    const { debuggablePromise } = require('@pulumi/pulumi/runtime/debuggable');
    const promise = Promise.resolve();
    debuggablePromise(promise, 'test');
    function failing() { return new Error('wrong'); }
    console.log(JSON.stringify({ promise: promise._debugStackTrace, error: failing().stack }))`;
  const error = expect.stringMatching(/^Error: wrong\n\s+at failing \(/) as string;

  test('those of promises are left out, those of errors stay', () => {
    expect(run(STACKS)).toEqual({ promise: '', error });
  });

  test.each(['PULUMI_DEBUG_PROMISE_LEAKS', 'AIOS_SDK_PATCHES'])('%s keeps all', (variable) => {
    expect(run(STACKS, { [variable]: 'off' })).toEqual({
      promise: expect.stringContaining('debuggablePromise') as string,
      error,
    });
  });
});
