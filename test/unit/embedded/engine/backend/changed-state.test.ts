import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalBackend } from '../../../../../embedded/engine/backend/local-backend';
import { PassphraseSecrets } from '../../../../../embedded/engine/secrets/passphrase';
import { StackStore } from '../../../../../embedded/engine/state/stack-store';
import { UserError } from '../../../../../embedded/shared/errors';
import { deploymentOfCli } from '../state/fixtures';
import { openBackend } from './open-backend';

const dev = { project: 'spike', stack: 'dev' };
const latest = deploymentOfCli();
const checkpoint = (deployment?: object) =>
  JSON.stringify({
    version: 3,
    checkpoint: { stack: 'organization/spike/dev', ...(deployment && { latest: deployment }) },
  });

let root: string;
let backend: LocalBackend;
let file: string;
beforeEach(async () => {
  ({ root, backend, file } = await openBackend(dev));
});
afterEach(() => rm(root, { recursive: true }));

test.each([
  ['another stack', 'urn:pulumi:prod::spike::', 'stack prod of project spike'],
  ['a stack of that name in another project', 'urn:pulumi:dev::other::', 'stack dev of project other'],
])('the state of %s, copied to this place, is refused: its resources would be deleted', async (_, head, owner) => {
  const foreign = checkpoint(latest).replaceAll('urn:pulumi:dev::spike::', head);
  await writeFile(file, foreign);
  await expect(backend.read(dev)).rejects.toThrow(`it is the state of ${owner}, under the name of this stack`);
  expect(await readFile(file, 'utf8')).toBe(foreign);
});

describe('a stack with a history', () => {
  const store = async () => new StackStore(backend, dev, await PassphraseSecrets.create('x'), 'x');
  const kept = () => join(root, '.pulumi/history/spike/dev/dev-1.checkpoint.json');
  const history = async (contents: string) => {
    await mkdir(join(kept(), '..'), { recursive: true });
    await writeFile(kept(), contents);
  };

  test.each([
    ['whose file is gone', undefined, 'is gone'],
    ['whose file knows of no update', checkpoint(), 'knows of no update'],
  ])('%s begins nothing anew, and is told the way back', async (_, contents, loss) => {
    await history(checkpoint(latest));
    if (contents !== undefined) await writeFile(file, contents);
    const error = await (await store()).load().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      `The state of stack dev is lost: ${file} ${loss}, and the history has one`,
    );
    expect((error as Error).message).toContain(`  cp '${kept()}' '${file}'\n`);
    await copyFile(kept(), file);
    expect(await backend.read(dev)).toEqual(latest);
  });

  test('that ends with nothing, as one that was destroyed, may begin anew', async () => {
    await history(checkpoint({ manifest: latest.manifest }));
    expect((await (await store()).load()).resources).toEqual([]);
  });
});

describe('what happens to the file while a run has the stack', () => {
  const written = () => Buffer.from(JSON.stringify(latest));

  test.each<[what: string, foreign: string]>([
    ['is damaged', '{"version":3,'],
    ['is replaced', checkpoint(latest)],
  ])('%s: it is kept, the backup stays what it was, and the run goes on with what it knows', async (_, foreign) => {
    const notes: string[] = [];
    const lock = await backend.lock(dev, (note) => notes.push(note));
    await backend.write(dev, Buffer.from(JSON.stringify({ ...latest, metadata: { n: 1 } })));
    await backend.write(dev, written());
    const backup = await readFile(`${file}.bak`, 'utf8');
    await backend.read(dev);
    await writeFile(`${file}.new`, foreign);
    await rename(`${file}.new`, file);
    await backend.write(dev, written());
    expect(await readFile(`${file}.bak`, 'utf8')).toBe(backup);
    await backend.write(dev, written());
    const [kept = '', ...others] = (await readdir(join(file, '..'))).filter((name) => name.endsWith('.kept'));
    expect(others).toEqual([]);
    expect(await readFile(join(file, '..', kept), 'utf8')).toBe(foreign);
    expect(await backend.read(dev)).toEqual(latest);
    expect(notes).toEqual([expect.stringMatching(/dev\.json was changed by something else .* is kept in .*\.kept;/)]);
    await lock.release();
  });

  test('is removed: it is written again', async () => {
    const notes: string[] = [];
    const lock = await backend.lock(dev, (note) => notes.push(note));
    await backend.write(dev, written());
    await rm(file);
    await backend.write(dev, written());
    expect(await backend.read(dev)).toEqual(latest);
    expect(notes).toEqual([expect.stringContaining('dev.json was removed by something else')]);
    await lock.release();
  });
});
