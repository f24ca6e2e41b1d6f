import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../shared/files/atomic-file';
import { explainFileError } from '../shared/files/file-errors';
import { makePrivateFolder, readIfPresent } from '../shared/files/private-file';
import { withLock } from '../shared/processes/process-lock';
import { DEVELOPER_STACK } from './target';

/**
 * Where state and secrets of a stack are kept, unless the user's environment says so: below the checkout. Stack dev gets a
 * passphrase of its own, made once; another stack's has to be given, for others must be able to use its state.
 */
export async function localState(checkout: string, stack: string): Promise<Record<string, string>> {
  const folder = path.join(checkout, '.aios');
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
  const hasPassphrase = PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  const wantsPassphrase = stack === DEVELOPER_STACK && !hasPassphrase;
  try {
    await makePrivateFolder(folder);
    return {
      ...(!PULUMI_BACKEND_URL && { PULUMI_BACKEND_URL: `file://${await stateFolder(folder)}` }),
      ...(wantsPassphrase && { PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(folder) }),
    };
  } catch (error) {
    throw explainFileError(error, folder);
  }
}

async function stateFolder(folder: string): Promise<string> {
  const state = path.join(folder, 'state');
  await makePrivateFolder(state);
  return state;
}

async function passphraseFile(folder: string): Promise<string> {
  const file = path.join(folder, 'passphrase');
  if (await isThere(file)) return file;
  // Of two first runs at once both use the one that is made: what is encrypted with another could never be read.
  await withLock(
    `${file}.lock`,
    () => undefined,
    async () => {
      if (await isThere(file)) return;
      await rm(file, { force: true });
      await writeAtomically(file, randomBytes(24).toString('base64url'), 'the passphrase of stack dev');
    },
  );
  return file;
}

/** An empty one is what a full disk left of an earlier attempt: nothing can have been encrypted with it. */
const isThere = async (file: string) => Boolean(await readIfPresent(file));
