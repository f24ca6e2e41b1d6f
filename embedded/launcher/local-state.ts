import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DEVELOPER_STACK } from './target';

/**
 * Where state and secrets of a stack are kept, unless the user's environment says so: below the checkout. Stack dev gets a
 * passphrase of its own, made once; another stack's has to be given, for others must be able to use its state.
 */
export async function localState(checkout: string, stack: string): Promise<Record<string, string>> {
  const folder = path.join(checkout, '.aios');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
  const hasPassphrase = PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  const wantsPassphrase = stack === DEVELOPER_STACK && !hasPassphrase;
  return {
    ...(!PULUMI_BACKEND_URL && { PULUMI_BACKEND_URL: `file://${await stateFolder(folder)}` }),
    ...(wantsPassphrase && { PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(folder) }),
  };
}

async function stateFolder(folder: string): Promise<string> {
  const state = path.join(folder, 'state');
  await mkdir(state, { recursive: true, mode: 0o700 });
  return state;
}

async function passphraseFile(folder: string): Promise<string> {
  const file = path.join(folder, 'passphrase');
  // An empty file is what a full disk left of an earlier attempt: nothing can have been encrypted with it.
  if ((await readFile(file, 'utf8').catch(() => '')) !== '') return file;
  const handle = await open(file, 'w', 0o600);
  await handle.writeFile(randomBytes(24).toString('base64url'));
  await handle.close();
  return file;
}
