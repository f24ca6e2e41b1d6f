import { type YamlValue, configText } from '../../../stack-file';
import { UserError } from '../../shared/errors';
import type { SecretsManager } from '../secrets/passphrase';
import { isMap } from '../values/is-map';
import type { StackFile } from './stack-file';

type Decrypter = Pick<SecretsManager, 'decrypt'>;

/** A stack's configuration as the program is given it. */
export interface StackConfig {
  /** Text by full key; what is not a scalar is JSON. Secrets are plain here. */
  values: Record<string, string>;
  /** Keys whose value is a secret, or holds one. */
  secretKeys: string[];
  /** Both as the variables in which a program's process gets them. */
  environment: { PULUMI_CONFIG: string; PULUMI_CONFIG_SECRET_KEYS: string };
}

/**
 * Decrypts a stack's configuration.
 *
 * @throws UserError naming the key whose value cannot be decrypted, or not be represented
 */
export function resolveConfig(stack: StackFile, secrets: Decrypter): StackConfig {
  const entries = Object.entries(stack.values);
  const values = Object.fromEntries(
    entries.map(([key, value]) => [key, textOf(plainOf(value, [key], stack.file, secrets))]),
  );
  const secretKeys = entries.filter(([, value]) => holdsSecret(value)).map(([key]) => key);
  const environment = {
    PULUMI_CONFIG: JSON.stringify(values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
  };
  return { values, secretKeys, environment };
}

/** The configuration for the stack's history: secrets stay as they are in the stack's file. */
export function configForHistory({ values }: StackFile): Record<string, unknown> {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, isCompound(value) ? value : textOf(value)] as const,
  );
  return Object.fromEntries(entries);
}

const isCompound = (value: unknown) => typeof value === 'object' && value !== null;

const textOf = (value: unknown) => configText(value as YamlValue);

/** `{secure: <ciphertext>}` and nothing else. */
function ciphertextOf(value: unknown): string | undefined {
  if (!isMap(value) || Object.keys(value).length !== 1) return undefined;
  return typeof value.secure === 'string' ? value.secure : undefined;
}

function holdsSecret(value: unknown): boolean {
  if (ciphertextOf(value) !== undefined) return true;
  return isCompound(value) && Object.values(value).some(holdsSecret);
}

function plainOf(value: unknown, path: string[], file: string, secrets: Decrypter): unknown {
  const where = `${file}: config.${path.join('.')}`;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new UserError(`${where}: ${value} is not a number that a configuration can hold. Put it into quotes.`);
  }
  const ciphertext = ciphertextOf(value);
  if (ciphertext !== undefined) return decrypted(ciphertext, where, secrets);
  const inner = (key: string, item: unknown) => plainOf(item, [...path, key], file, secrets);
  if (Array.isArray(value)) return value.map((item, index) => inner(String(index), item));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(key, item)]));
}

function decrypted(ciphertext: string, where: string, secrets: Decrypter): string {
  try {
    return secrets.decrypt(ciphertext);
  } catch {
    throw new UserError(
      `${where}: this secret was not encrypted with the stack's passphrase and encryptionsalt. ` +
        'Set it again with `pulumi config set --secret`.',
    );
  }
}
