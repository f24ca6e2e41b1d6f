import { writeAtomically } from '../backend/atomic-file';
import { PassphraseSecrets } from '../secrets/passphrase';
import { StackFile } from './stack-file';
import { readYaml } from './yaml-file';

/**
 * The secrets of a stack: those of its file's `encryptionsalt`; else those of its state; else new ones. As the CLI does,
 * what the file lacks is added to it, leaving the rest and its comments in place.
 *
 * @param stateSalt `saltOf` the stack's deployment, where there is one
 * @throws UserError if the passphrase is not the one they were made with
 */
export async function openStackSecrets(
  stackFile: StackFile,
  passphrase: string,
  stateSalt?: string,
): Promise<PassphraseSecrets> {
  const salt = stackFile.encryptionSalt ?? stateSalt;
  const where = `stack ${stackFile.stack}`;
  const secrets = await (salt === undefined
    ? PassphraseSecrets.create(passphrase)
    : PassphraseSecrets.open(salt, passphrase, where));
  if (stackFile.encryptionSalt === undefined) await addEncryptionSalt(stackFile.file, secrets.state.salt);
  return secrets;
}

async function addEncryptionSalt(file: string, salt: string): Promise<void> {
  const document = await readYaml(file);
  document.set('encryptionsalt', salt);
  await writeAtomically(file, document.toString({ lineWidth: 0 }), "the stack's encryptionsalt");
}
