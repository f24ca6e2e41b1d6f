import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { UserError } from '../../shared/errors';

const VERSION = 'v1';
const SALT_BYTES = 8;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ITERATIONS = 1_000_000;
/** Encrypted beside the salt, so that a wrong passphrase is recognised. */
const CHECK = 'pulumi';

const deriveKey = (passphrase: string, salt: Buffer) =>
  promisify(pbkdf2)(passphrase, salt, ITERATIONS, KEY_BYTES, 'sha256');

/** Encrypts and decrypts what a state or a stack file keeps secret. */
export type SecretsManager = Pick<PassphraseSecrets, 'state' | 'encrypt' | 'decrypt'>;

/**
 * Pulumi's passphrase secrets: AES-256-GCM with a key derived from a passphrase. The state, `v1:<salt>:<ciphertext of a
 * known word>`, is what a deployment keeps as `salt` and a stack file as `encryptionsalt`.
 */
export class PassphraseSecrets {
  /** `secrets_providers.type` of a deployment. */
  static readonly type = 'passphrase';
  /** `secrets_providers.state` of a deployment: what another process needs, besides the passphrase, to decrypt. */
  readonly state: { readonly salt: string };

  private constructor(
    salt: string,
    private readonly key: Buffer,
  ) {
    this.state = { salt };
  }

  /** New secrets with a salt of their own. Takes about half a second, in a thread of its own. */
  static async create(passphrase: string): Promise<PassphraseSecrets> {
    const salt = randomBytes(SALT_BYTES);
    const key = await deriveKey(passphrase, salt);
    return new PassphraseSecrets(`${VERSION}:${salt.toString('base64')}:${encrypt(key, CHECK)}`, key);
  }

  /**
   * Secrets that exist already. Takes about half a second, in a thread of its own: worth starting early.
   *
   * @param salt the state of these secrets
   * @param where what they belong to, for messages: "stack dev"
   * @throws UserError if the passphrase is another one than they were made with, or the salt is malformed
   */
  static async open(salt: string, passphrase: string, where: string): Promise<PassphraseSecrets> {
    const [, bytes, check] = /^v1:([^:]+):(v1:[^:]+:[^:]+)$/.exec(salt) ?? [];
    if (bytes === undefined || check === undefined) {
      throw new UserError(
        `The encryption salt of ${where} is malformed: expected "v1:<salt>:v1:<nonce>:<ciphertext>", each part in base64.`,
      );
    }
    const key = await deriveKey(passphrase, Buffer.from(bytes, 'base64'));
    const secrets = new PassphraseSecrets(salt, key);
    if (!secrets.canDecrypt(check)) {
      throw new UserError(
        `Incorrect passphrase for ${where}. Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, ` +
          'to the passphrase that its secrets were encrypted with.',
      );
    }
    return secrets;
  }

  encrypt(plaintext: string): string {
    return encrypt(this.key, plaintext);
  }

  /** @throws Error if the ciphertext was made with another key or is damaged */
  decrypt(ciphertext: string): string {
    const [version, nonce, sealed] = ciphertext.split(':');
    if (version !== VERSION || nonce === undefined || sealed === undefined) throw new Error('malformed ciphertext');
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key, Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  private canDecrypt(ciphertext: string): boolean {
    try {
      return this.decrypt(ciphertext) === CHECK;
    } catch {
      return false;
    }
  }
}

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}:${nonce.toString('base64')}:${sealed.toString('base64')}`;
}

/**
 * The passphrase from PULUMI_CONFIG_PASSPHRASE (empty counts), or from the file that PULUMI_CONFIG_PASSPHRASE_FILE names.
 *
 * @throws UserError if neither is set, or the file cannot be read
 */
export async function readPassphrase(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = env;
  if (passphrase !== undefined) return passphrase;
  if (file === undefined || file === '') {
    throw new UserError(
      'No passphrase for the secrets of the stack. Set PULUMI_CONFIG_PASSPHRASE to it, or PULUMI_CONFIG_PASSPHRASE_FILE ' +
        'to a file that holds it.',
    );
  }
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new UserError(
      `Cannot read the passphrase from ${file}, which PULUMI_CONFIG_PASSPHRASE_FILE names: ${(error as Error).message}`,
    );
  }
}
