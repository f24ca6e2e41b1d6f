import { UserError } from '../../shared/errors';
import { SecretsManager } from '../secrets/secrets-manager';
import { jsonText } from '../state/json-text';
import { declaredValue, hasType, typeName } from './config-declaration';
import { Project } from './project';
import { StackFile, isMap } from './stack-file';

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
 * Decrypts a stack's configuration and adds what Pulumi.yaml declares.
 *
 * @throws UserError naming all keys that are missing, of the wrong type, or should be encrypted; or the one that cannot be
 *   decrypted
 */
export function resolveConfig(project: Project, stack: StackFile, secrets: Decrypter): StackConfig {
  const defaults = Object.entries(project.config).map(
    ([key, declaration]) => [key, declaredValue(declaration)] as const,
  );
  const all = { ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), ...stack.values };
  const plain = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, plainOf(value, [key], stack.file, secrets)]),
  );
  refuseUndeclared(project, stack, plain);
  const values = Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, textOf(value)]));
  const secretKeys = Object.keys(all).filter((key) => holdsSecret(all[key]));
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

const textOf = (value: unknown) => (typeof value === 'string' ? value : jsonText(value, '', String));

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
  if (typeof value === 'number' && !isExact(value)) {
    throw new UserError(`${where}: the number ${value} cannot be represented exactly. Put it into quotes.`);
  }
  const ciphertext = ciphertextOf(value);
  if (ciphertext !== undefined) return decrypted(ciphertext, where, secrets);
  const inner = (key: string, item: unknown) => plainOf(item, [...path, key], file, secrets);
  if (Array.isArray(value)) return value.map((item, index) => inner(String(index), item));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(key, item)]));
}

const isExact = (value: number) => Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));

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

function refuseUndeclared(project: Project, stack: StackFile, plain: Record<string, unknown>): void {
  const problems = Object.entries(project.config).flatMap(([key, { type, items, secret }]) => {
    const value = plain[key];
    if (value === undefined) return [`${key}: missing; Pulumi.yaml declares it without a default`];
    if (secret && key in stack.values && !holdsSecret(stack.values[key])) {
      return [`${key}: must be encrypted; set it with \`pulumi config set --secret\``];
    }
    return type && !hasType(value, type, items)
      ? [`${key}: expected ${typeName(type, items)}, as Pulumi.yaml declares`]
      : [];
  });
  if (problems.length === 0) return;
  throw new UserError(`${stack.file}: config:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}
