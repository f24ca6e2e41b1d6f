import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createPrivate,
  readIfPresent,
  refuseForeign,
  removeDrafts,
  writePrivate,
} from '../../../../../embedded/shared/files/private-file';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aios-private-'));
  file = path.join(folder, 'secret');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const mode = async () => (await stat(file)).mode & 0o777;

test('what is written only its owner can read, whoever could before', async () => {
  await writeFile(file, 'old');
  await chmod(file, 0o644);
  await writePrivate(file, 'new');
  expect([await readFile(file, 'utf8'), await mode()]).toEqual(['new', 0o600]);
  expect(await readdir(folder)).toEqual(['secret']);
});

test('of several who make a file one does, and the others leave it as it is', async () => {
  const made = await Promise.all(['a', 'b', 'c'].map((content) => createPrivate(file, content)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await readFile(file, 'utf8')).toBe(['a', 'b', 'c'][made.indexOf(true)]);
  expect([await mode(), await readdir(folder)]).toEqual([0o600, ['secret']]);
});

test('drafts of killed writes are removed, those of writes under way are not', async () => {
  for (const name of ['.secret.1.draft', '.secret.2.draft', 'notes']) await writeFile(path.join(folder, name), '');
  await utimes(path.join(folder, '.secret.1.draft'), 0, 0);
  await utimes(path.join(folder, 'notes'), 0, 0);
  await removeDrafts(folder);
  expect((await readdir(folder)).sort()).toEqual(['.secret.2.draft', 'notes']);
});

test('a file that is not there has no content; one that cannot be read is an error', async () => {
  expect(await readIfPresent(file)).toBeUndefined();
  await mkdir(file);
  await expect(readIfPresent(file)).rejects.toThrow('EISDIR');
});

describe('a folder whose programs are to be run', () => {
  const owner = async () => (await stat(folder)).uid;

  test('may be absent, or of its user or root', async () => {
    await refuseForeign(path.join(folder, 'absent'));
    jest.spyOn(process, 'getuid' as never).mockReturnValue((await owner()) as never);
    await refuseForeign(folder);
    await refuseForeign('/');
  });

  test('may not be written by all', async () => {
    await chmod(folder, 0o707);
    await expect(refuseForeign(folder)).rejects.toThrow(`${folder} can be written by every user`);
  });

  test("may not be another user's", async () => {
    await chmod(folder, 0o755);
    if ((await owner()) === 0) await chown(folder, 54_321, 54_321); // root's every user takes
    jest.spyOn(process, 'getuid' as never).mockReturnValue(((await owner()) + 1) as never);
    await expect(refuseForeign(folder)).rejects.toThrow(`${folder} belongs to another user`);
  });
});
