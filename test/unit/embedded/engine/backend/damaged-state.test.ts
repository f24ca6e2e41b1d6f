import { chmod, copyFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalBackend } from '../../../../../embedded/engine/backend/local-backend';
import { StackStore } from '../../../../../embedded/engine/state/stack-store';
import { UserError } from '../../../../../embedded/shared/errors';
import { PassphraseSecrets } from '../../../../../embedded/engine/secrets/passphrase';
import { exportedByCli } from '../state/fixtures';
import { openBackend } from './open-backend';

const dev = { project: 'spike', stack: 'dev' };
const { deployment: latest } = JSON.parse(exportedByCli()) as { deployment: Record<string, unknown> };
const [first, ...others] = latest.resources as Record<string, unknown>[];

const state = (changes: object = {}) => ({
  version: 3,
  checkpoint: { stack: 'organization/spike/dev', latest },
  ...changes,
});
const withLatest = (value: unknown) => state({ checkpoint: { stack: 'organization/spike/dev', latest: value } });
const withResource = (value: unknown) => withLatest({ ...latest, resources: [value, ...others] });
const text = (value: unknown) => JSON.stringify(value);

let root: string;
let backend: LocalBackend;
let file: string;
beforeEach(async () => {
  ({ root, backend, file } = await openBackend(dev));
});
afterEach(() => rm(root, { recursive: true }));

test.each<[what: string, contents: string, problem: string]>([
  ['nothing', '', 'it is empty'],
  ['blanks', ' \n', 'it is not JSON'],
  ['a part of it', text(state()).slice(0, 4000), 'it is not JSON, or only a part of it'],
  ['two of it', text(state()) + text(state()), 'it is not JSON'],
  ['zeros, as a power cut leaves them', '\0'.repeat(64), 'it is not JSON'],
  ['an empty object', '{}', 'it has no format version'],
  ['a list', '[]', 'it is not a JSON object'],
  ['null', 'null', 'it is not a JSON object'],
  ['a text', '"state"', 'it is not a JSON object'],
  ['a version in words', text(state({ version: '3' })), 'it has no format version'],
  ['no checkpoint', text({ version: 3 }), 'its "checkpoint" is not an object'],
  ['checkpoint: null', text(state({ checkpoint: null })), 'its "checkpoint" is not an object'],
  ['checkpoint: text', text(state({ checkpoint: 'lost' })), 'its "checkpoint" is not an object'],
  ['checkpoint: list', text(state({ checkpoint: [latest] })), 'its "checkpoint" is not an object'],
  ['checkpoint: {}', text(state({ checkpoint: {} })), 'its "checkpoint" names no stack'],
  ['latest beside the checkpoint', text({ version: 3, latest }), 'its "checkpoint" is not an object'],
  ['latest: null', text(withLatest(null)), 'checkpoint.latest is not an object'],
  ['latest: text', text(withLatest('lost')), 'checkpoint.latest is not an object'],
  ['latest: list', text(withLatest([])), 'checkpoint.latest is not an object'],
  ['latest: {}', text(withLatest({})), 'checkpoint.latest has no manifest'],
  ['resources: null', text(withLatest({ ...latest, resources: null })), 'checkpoint.latest.resources is not a list'],
  ['resources: text', text(withLatest({ ...latest, resources: '' })), 'checkpoint.latest.resources is not a list'],
  ['resources: object', text(withLatest({ ...latest, resources: {} })), 'checkpoint.latest.resources is not a list'],
  ['a resource: null', text(withResource(null)), 'checkpoint.latest.resources[0] is not an object'],
  ['a resource: text', text(withResource('lost')), 'checkpoint.latest.resources[0] is not an object'],
  ['a resource without URN', text(withResource({ ...first, urn: undefined })), 'resources[0] has no urn'],
  ['a URN that is none', text(withResource({ ...first, urn: 'vault' })), 'resources[0].urn is not a URN'],
  ['a resource without type', text(withResource({ ...first, type: '' })), 'resources[0].type is not a text with'],
  ['an id that is none', text(withResource({ ...first, id: 7 })), 'resources[0].id is not a text'],
  ['inputs: list', text(withResource({ ...first, inputs: [] })), 'resources[0].inputs is not an object'],
  ['outputs: text', text(withResource({ ...first, outputs: 'lost' })), 'resources[0].outputs is not an object'],
  [
    'dependencies: text',
    text(withResource({ ...first, dependencies: 'a' })),
    'resources[0].dependencies is not a list',
  ],
  ['a dependency: null', text(withResource({ ...first, dependencies: [null] })), 'dependencies[0] is not a text'],
  ['protect: text', text(withResource({ ...first, protect: 'no' })), 'resources[0].protect is not true or false'],
  [
    'pending_operations: null',
    text(withLatest({ ...latest, pending_operations: null })),
    'pending_operations is not a list',
  ],
  [
    'an operation: null',
    text(withLatest({ ...latest, pending_operations: [null] })),
    'pending_operations[0] is not an object',
  ],
  [
    'an operation on nothing',
    text(withLatest({ ...latest, pending_operations: [{ type: 'creating' }] })),
    'pending_operations[0] has no resource',
  ],
  ['metadata: null', text(withLatest({ ...latest, metadata: null })), 'checkpoint.latest.metadata is not an object'],
  [
    'secrets_providers: text',
    text(withLatest({ ...latest, secrets_providers: 'x' })),
    'secrets_providers is not an object',
  ],
])('a state that holds %s is refused, kept, and told of with the way back', async (_, contents, problem) => {
  await writeFile(file, contents);
  const error: unknown = await backend.read(dev).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toContain(`The state of stack dev is damaged: ${file}: `);
  expect(message).toContain(problem);
  expect(message).toContain('It is kept as it is, and nothing was changed.');
  expect(message).toContain('No whole earlier state is kept');
  expect(await readFile(file, 'utf8')).toBe(contents);
  expect(await readdir(join(file, '..'))).toEqual(['dev.json']);
});

test('nothing of what a damaged state holds is told', async () => {
  await writeFile(file, text(withResource({ ...first, inputs: 'hunter2' })));
  await expect(backend.read(dev)).rejects.toThrow(/^((?!hunter2).)*$/s);
  await writeFile(file, '{"password": "hunter2');
  await expect(backend.read(dev)).rejects.toThrow(/^((?!hunter2).)*$/s);
});

test('a folder in its place is damage too, and a file that may not be read is none', async () => {
  await mkdir(file);
  await expect(backend.read(dev)).rejects.toThrow(/dev is damaged: .*in its place there is a folder/);
  await rm(file, { recursive: true });
  await writeFile(file, text(state()), { mode: 0o000 });
  // Root reads everything.
  if (process.getuid?.() !== 0)
    await expect(backend.read(dev)).rejects.toThrow(/dev.json cannot be read.*this user may not/);
  await chmod(file, 0o600);
  expect(await backend.read(dev)).toEqual(latest);
});

test('a stack that was made and never updated is whole', async () => {
  // As `pulumi stack init` of CLI 3.260 writes it.
  await writeFile(
    file,
    '{\n    "version": 3,\n    "checkpoint": {\n        "stack": "organization/spike/dev"\n    }\n}\n',
  );
  expect(await backend.read(dev)).toBeUndefined();
});

test('what breaks the rules of a state between its resources is told in the same way', async () => {
  const orphan = { ...first, parent: 'urn:pulumi:dev::spike::a:b:C::nobody' };
  await writeFile(file, text(withResource(orphan)));
  const secrets = await PassphraseSecrets.create('x');
  await expect(new StackStore(backend, dev, secrets, 'x').load()).rejects.toThrow(
    /is damaged: .*refers to urn:pulumi:dev::spike::a:b:C::nobody, which does not stand before it.*No whole earlier/s,
  );
});

describe('the way back', () => {
  const history = () => join(root, '.pulumi/history/spike/dev');
  const keep = async (kept: string, contents: string, time: string) => {
    await mkdir(join(kept, '..'), { recursive: true });
    await writeFile(kept, contents);
    await utimes(kept, new Date(time), new Date(time));
  };

  test('is the newest whole state among backup, backups and history; its command brings it back', async () => {
    await writeFile(file, '{}');
    await keep(`${file}.bak`, text(state()), '2026-01-01T00:00:00Z');
    await keep(join(history(), 'dev-2.checkpoint.json'), text(state()), '2026-01-02T00:00:00Z');
    await keep(join(history(), 'dev-2.history.json'), '{"kind":"update"}', '2026-01-05T00:00:00Z');
    await keep(join(history(), 'dev-3.checkpoint.json'), text(state()).slice(0, 100), '2026-01-04T00:00:00Z');
    const backup = join(root, '.pulumi/backups/spike/dev/dev.1.json');
    await keep(backup, text(state()), '2026-01-03T00:00:00Z');
    const error: unknown = await backend.read(dev).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toContain(
      `is of 2026-01-03T00:00:00Z and has ${others.length + 1} resources. Take it back with\n` +
        `  mv '${file}' '${file}.damaged' && cp '${backup}' '${file}'\n`,
    );
    await copyFile(backup, file);
    expect(await backend.read(dev)).toEqual(latest);
  });
});

test.each(['', 'lost', '- 1', 'version: one', 'version: "1"', '{', 'null', 'versoin: 1'])(
  'a meta.yaml that holds %j is refused and kept',
  async (contents) => {
    const meta = join(root, '.pulumi/meta.yaml');
    await writeFile(meta, contents);
    await expect(LocalBackend.open(`file://${root}`, '/')).rejects.toThrow(
      /meta.yaml is damaged: it does not say the version.*write "version: 1" into it/,
    );
    expect(await readFile(meta, 'utf8')).toBe(contents);
  },
);
