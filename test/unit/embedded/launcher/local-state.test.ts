import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localState } from '../../../../embedded/launcher/local-state';

const VARIABLES = ['PULUMI_BACKEND_URL', 'PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE'];
const before = { ...process.env };

let checkout: string;
let passphrase: string;
beforeEach(async () => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
  checkout = await mkdtemp(path.join(tmpdir(), 'aios-launcher-'));
  passphrase = path.join(checkout, '.aios', 'passphrase');
});
afterEach(async () => {
  process.env = { ...before };
  await rm(checkout, { recursive: true });
});

const mode = async (file: string) => (await stat(file)).mode & 0o777;

test('state and passphrase of stack dev are for its owner only', async () => {
  expect(await localState(checkout, 'dev')).toEqual({
    PULUMI_BACKEND_URL: `file://${checkout}/.aios/state`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
  });
  expect(await readFile(passphrase, 'utf8')).toMatch(/^[\w-]{32}$/);
  expect([await mode(path.dirname(passphrase)), await mode(passphrase)]).toEqual([0o700, 0o600]);
});

test('of first runs at once all use one passphrase, and nothing is left behind', async () => {
  const seen = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const { PULUMI_CONFIG_PASSPHRASE_FILE: file = '' } = await localState(checkout, 'dev');
      return readFile(file, 'utf8');
    }),
  );
  expect(new Set(seen).size).toBe(1);
  expect((await readdir(path.dirname(passphrase))).sort()).toEqual(['passphrase', 'state']);
});

test('an empty file that everybody can read, as a full disk left it, is not written into', async () => {
  await mkdir(path.dirname(passphrase));
  await writeFile(passphrase, '');
  await chmod(passphrase, 0o644);
  await localState(checkout, 'dev');
  expect(await readFile(passphrase, 'utf8')).not.toBe('');
  expect(await mode(passphrase)).toBe(0o600);
});

test('a file in the place of the folder is told with what to do', async () => {
  await writeFile(path.join(checkout, '.aios'), '');
  await expect(localState(checkout, 'dev')).rejects.toThrow(/\.aios cannot be written, a file is in its place/);
});

test("other stacks' passphrases have to be given, and what the user's environment says stays", async () => {
  expect(await localState(checkout, 'prod')).toEqual({ PULUMI_BACKEND_URL: `file://${checkout}/.aios/state` });
  process.env.PULUMI_BACKEND_URL = 'file:///elsewhere';
  process.env.PULUMI_CONFIG_PASSPHRASE = '';
  expect(await localState(checkout, 'dev')).toEqual({});
});
