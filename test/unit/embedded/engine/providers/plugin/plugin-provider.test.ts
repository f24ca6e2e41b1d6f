import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../../../../../embedded/shared/errors';
import { PluginProvider } from '../../../../../../embedded/engine/providers/plugin/plugin-provider';
import { InitError } from '../../../../../../embedded/engine/providers/provider';
import { Secret, unknown } from '../../../../../../embedded/engine/values/value';

const root = join(__dirname, '../../../../../..');
const opened: PluginProvider[] = [];
const lines: string[] = [];
const heard: { what: string; resolve: () => void }[] = [];

function open(plugin: string): PluginProvider {
  const provider = new PluginProvider({
    name: plugin,
    folder: join(__dirname, 'fixture', plugin),
    workingDirectory: root,
    engineAddress: '127.0.0.1:4711',
    log: (line) => {
      lines.push(line);
      heard.filter(({ what }) => what === line).forEach(({ resolve }) => resolve());
    },
  });
  opened.push(provider);
  return provider;
}

const hear = (what: string) => new Promise<void>((resolve) => heard.push({ what, resolve }));

const call = (signal = new AbortController().signal) => ({
  urn: 'urn:pulumi:dev::p::things:index:Thing::t',
  type: 'things:index:Thing',
  name: 't',
  signal,
  status: jest.fn(),
  warn: jest.fn(),
});
const creation = { timeout: 0, preview: false, noteIntent: () => Promise.resolve() };

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

async function goneFrom(port: number): Promise<void> {
  while (await isListening(port)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const portIn = (text: string) => Number(/things at (\d+)/.exec(text)?.[1]);

let things: PluginProvider;
beforeAll(async () => {
  things = open('things');
  await things.configure({ detailedDiff: true, version: '1.0.0' });
});
afterAll(() => Promise.all(opened.map((provider) => provider.close())));

test('the plugin runs where the program runs and knows the address of the engine', async () => {
  const { outputs } = await things.create({ ...call(), ...creation, inputs: { act: 'facts' } });
  expect(outputs).toEqual({ engine: '127.0.0.1:4711', folder: root });
});

test('check returns what the plugin makes of the inputs, and its refusals', async () => {
  const request = { ...call(), oldInputs: {} };
  await expect(things.check({ ...request, newInputs: { size: 'huge' } })).resolves.toEqual({
    inputs: { size: 'huge', kind: 'things:index:Thing' },
    failures: [{ property: 'size', reason: 'must be small' }],
  });
});

test('calls that the plugin does not have fall back: a configuration is good as it is, and compared as it is', async () => {
  const inputs = { url: 'x', version: '1.0.0' };
  const request = { ...call(), oldInputs: {}, newInputs: inputs };
  await expect(things.checkConfig(request)).resolves.toEqual({ inputs, failures: [] });
  const comparison = {
    ...call(),
    id: 'i',
    oldInputs: { url: 'y' },
    oldOutputs: {},
    newInputs: inputs,
  };
  await expect(things.diffConfig(comparison)).resolves.toMatchObject({
    changes: true,
    replaces: [],
    detailed: { url: 'update', version: 'add' },
  });
});

test('a detailed diff arrives by its paths', async () => {
  const request = { ...call(), id: 'i', oldInputs: { name: 'a' }, oldOutputs: {}, newInputs: { name: 'b' } };
  await expect(things.diff(request)).resolves.toEqual({
    changes: true,
    replaces: ['name'],
    deleteBeforeReplace: false,
    detailed: { 'policies.add_node': 'update', name: 'update-replace' },
  });
});

test('secrets and unknowns reach the plugin marked, and come back', async () => {
  const inputs = { key: new Secret('k'), later: unknown };
  const { id, outputs } = await things.create({ ...call(), ...creation, inputs, preview: true });
  expect(id).toBe('');
  expect(outputs).toMatchObject(inputs);
  expect(outputs.wire).toContain('"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"');
});

test('read tells what is there: drift, or nothing', async () => {
  const request = { ...call(), inputs: { size: 'small' }, outputs: {} };
  await expect(things.read({ ...request, id: 'id-1' })).resolves.toEqual({
    id: 'id-1',
    inputs: { size: 'medium' },
    outputs: { size: 'medium', found: true },
  });
  await expect(things.read({ ...request, id: 'gone' })).resolves.toBeUndefined();
  await expect(things.read({ ...request, id: 'unwell' })).rejects.toThrow('it has a cold');
});

test("an error is the plugin's message; a resource that did not come up says what exists of it", async () => {
  const fail = (act: string) => things.create({ ...call(), ...creation, inputs: { act, size: 'small' } });
  await expect(fail('error')).rejects.toThrow(/^the quota is used up$/);
  const error = await fail('unwell').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InitError);
  expect(error).toMatchObject({ id: 'id-1', outputs: { size: 'small' }, reasons: ['2/3 are ready'] });
});

test('an aborted call asks the plugin to cancel and keeps what it still answers', async () => {
  const controller = new AbortController();
  const hanging = hear('hanging');
  const running = things.create({ ...call(controller.signal), ...creation, inputs: { act: 'hang' } });
  await hanging;
  controller.abort();
  await expect(running).rejects.toMatchObject({ id: 'id-1', reasons: ['cancelled by the engine'] });
  await expect(things.create({ ...call(controller.signal), ...creation, inputs: {} })).rejects.toThrow('interrupted');
});

test.each([
  ['accepts no secrets', { acceptSecrets: false }],
  ['supports no previews', { supportsPreview: false }],
])('a plugin that %s is refused', async (lacking, configuration) => {
  const refused = open('things').configure(configuration);
  await expect(refused).rejects.toThrow(`provider plugin "things" ${lacking}, which this engine needs`);
});

describe('a plugin without detailed diffs', () => {
  let simple: PluginProvider;
  beforeAll(async () => {
    simple = open('things');
    await simple.configure({});
  });

  test('has its diff computed from the inputs', async () => {
    const request = { ...call(), id: 'i', oldOutputs: {}, oldInputs: { name: 'a', tags: ['x'] } };
    await expect(simple.diff({ ...request, newInputs: { name: 'b', tags: ['x', 'y'] } })).resolves.toEqual({
      changes: true,
      replaces: ['name'],
      deleteBeforeReplace: false,
      detailed: { name: 'update', 'tags[1]': 'add' },
    });
    await expect(simple.diff({ ...request, newInputs: request.oldInputs })).resolves.toMatchObject({ changes: false });
  });

  test('that dies in a call is named, with its last words', async () => {
    const crash = simple.delete({ ...call(), id: 'i', inputs: { act: 'crash' }, outputs: {}, timeout: 0 });
    await expect(crash).rejects.toThrow(
      /provider plugin "things" .* ended before its work was done \(exit code 3\):\nout of cheese$/,
    );
  });
});

test.each([
  ['broken', /ended before its work was done \(exit code 1\):\n.*the settings file is missing$/],
  ['noisy', /printed "hello there" where its port must come first/],
  ['missing', /PulumiPlugin.yaml cannot be read/],
  // In words of ours: no advice of a YAML library.
  [
    'malformed',
    /^provider plugin "malformed": \S+PulumiPlugin.yaml cannot be read \(\S+:\d+:\d+: [^\n(]+\); its folder/,
  ],
])('the plugin %s is refused', async (plugin, message) => {
  const error = await open(plugin)
    .configure({})
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(message);
});

test('close ends the process', async () => {
  const from = lines.length;
  const provider = open('things');
  await provider.configure({});
  const port = portIn(lines.slice(from).join('\n'));
  await expect(isListening(port)).resolves.toBe(true);
  await provider.close();
  await expect(isListening(port)).resolves.toBe(false);
});

test('the plugin ends with the engine, however that ends', async () => {
  const script = join(__dirname, 'fixture/engine.ts');
  const engine = spawn(process.execPath, ['--require', 'tsx/cjs', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    createInterface({ input: engine.stdout }).once('line', (line) => resolve(portIn(line))),
  );
  await expect(isListening(port)).resolves.toBe(true);
  engine.kill('SIGKILL');
  await goneFrom(port);
});
