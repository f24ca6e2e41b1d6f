import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../../../embedded/shared/errors';
import { PassphraseSecrets, readPassphrase } from '../../../../../embedded/engine/secrets/passphrase';
import { saltOf } from '../../../../../embedded/engine/state/decrypter';
import { PASSPHRASE_OF_CLI, deploymentOfCli, exportedByCli } from '../state/fixtures';

const saltOfCli = () => saltOf(deploymentOfCli()) ?? '';

test('decrypts every secret that the CLI has encrypted; each is JSON text', async () => {
  const secrets = await PassphraseSecrets.open(saltOfCli(), PASSPHRASE_OF_CLI, 'stack dev');
  const ciphertexts = [...exportedByCli().matchAll(/"ciphertext": "([^"]+)"/g)].map(([, text]) => text ?? '');
  expect(ciphertexts).toHaveLength(8);
  const values = ciphertexts.map((text) => JSON.parse(secrets.decrypt(text)) as unknown);
  expect(values[0]).toMatch(/^[A-Za-z0-9]{20}$/);
});

test('what it encrypts is decrypted by the same passphrase only', async () => {
  const secrets = await PassphraseSecrets.create('correct');
  const ciphertext = secrets.encrypt('"müsli"');
  const { salt } = secrets.state;
  expect((await PassphraseSecrets.open(salt, 'correct', 'stack dev')).decrypt(ciphertext)).toBe('"müsli"');
  await expect(PassphraseSecrets.open(salt, 'wrong', 'stack dev')).rejects.toThrow(
    new UserError(
      'Incorrect passphrase for stack dev. Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the ' +
        'passphrase that its secrets were encrypted with.',
    ),
  );
});

test('a tampered ciphertext is refused, and equal plaintexts do not look alike', async () => {
  const secrets = await PassphraseSecrets.open(saltOfCli(), PASSPHRASE_OF_CLI, 'stack dev');
  const ciphertext = secrets.encrypt('"secret"');
  expect(secrets.encrypt('"secret"')).not.toBe(ciphertext);
  const [version, nonce, sealed = ''] = ciphertext.split(':');
  const bytes = Buffer.from(sealed, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  expect(() => secrets.decrypt(`${version}:${nonce}:${bytes.toString('base64')}`)).toThrow();
});

test('a malformed salt is refused before half a second is spent on it', async () => {
  await expect(PassphraseSecrets.open('v2:abc', 'x', 'stack dev')).rejects.toThrow(/encryption salt of stack dev/);
});

describe('the passphrase', () => {
  test('comes from the variable, even if it is empty', async () => {
    expect(await readPassphrase({ PULUMI_CONFIG_PASSPHRASE: '', PULUMI_CONFIG_PASSPHRASE_FILE: '/missing' })).toBe('');
  });

  test('or from the file, without the white space around it', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'passphrase-')), 'passphrase');
    await writeFile(file, 'from file\n');
    expect(await readPassphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe('from file');
  });

  test('is asked for by naming both variables', async () => {
    await expect(readPassphrase({})).rejects.toThrow(/PULUMI_CONFIG_PASSPHRASE .*PULUMI_CONFIG_PASSPHRASE_FILE/);
    await expect(readPassphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: '/missing' })).rejects.toThrow(/\/missing.*ENOENT/);
  });
});
