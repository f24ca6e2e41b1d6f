import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../exit-codes';
import { configKey } from '../../../stack-file';
import { UserError } from '../../shared/errors';
import type { Project } from './project';
import { isMap } from '../values/is-map';
import { isMissing, readYaml } from './yaml-file';

/** A stack's file, read: `Pulumi.<stack>.yaml`. Secrets in it are still encrypted. */
export interface StackFile {
  stack: string;
  /** Absolute. */
  file: string;
  /** State of the passphrase secrets that the values were encrypted with. */
  encryptionSalt?: string;
  /** By full key (`project:key`); a secret at any depth is `{secure: <ciphertext>}`. */
  values: Record<string, unknown>;
}

/**
 * Reads a stack's file.
 *
 * @throws UserError if it is malformed, asks for what this engine cannot do, or does not exist: then naming the stacks
 *   that do
 */
export async function loadStackFile(project: Project, stack: string): Promise<StackFile> {
  const file = join(project.stackConfigDir, `Pulumi.${stack}.yaml`);
  const data = await readStackFile(project, stack, file);
  refuseUnsupported(data, file);
  const { config = {}, encryptionsalt } = data;
  if (!isMap(config ?? {})) throw new UserError(`${file}: config: expected keys with values`);
  if (encryptionsalt !== undefined && typeof encryptionsalt !== 'string') {
    throw new UserError(`${file}: encryptionsalt: expected text`);
  }
  const values = Object.entries((config ?? {}) as Record<string, unknown>);
  return {
    stack,
    file,
    ...(encryptionsalt !== undefined && encryptionsalt !== '' && { encryptionSalt: encryptionsalt }),
    values: Object.fromEntries(values.map(([key, value]) => [keyIn(file, key, project.name), value])),
  };
}

function keyIn(file: string, key: string, project: string): string {
  const full = configKey(key, project);
  if (full !== undefined) return full;
  throw new UserError(`${file}: config: ${key}: expected a key of the form ${project}:name`);
}

/** Names of the stacks that have a file. */
export async function listStacks(project: Project): Promise<string[]> {
  const names = await readdir(project.stackConfigDir).catch(() => []);
  return names
    .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1])
    .filter((stack) => stack !== undefined)
    .sort();
}

async function readStackFile(project: Project, stack: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await readYaml(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const known = await listStacks(project);
    const stacks = known.length === 0 ? 'There are no stacks yet' : `Known stacks: ${known.join(', ')}`;
    throw new UserError(`No stack "${stack}": ${file} does not exist. ${stacks}.`, EXIT.stackNotFound);
  }
}

function refuseUnsupported(data: Record<string, unknown>, file: string): void {
  const { secretsprovider, encryptedkey, environment, mainEnvironment } = data;
  if ((secretsprovider ?? encryptedkey) !== undefined && secretsprovider !== 'passphrase') {
    throw new UserError(
      `${file}: secretsprovider: the embedded engine knows "passphrase" only. Change it with ` +
        '`pulumi stack change-secrets-provider passphrase`, or use the Pulumi CLI.',
    );
  }
  if ((environment ?? mainEnvironment) !== undefined) {
    throw new UserError(`${file}: environment: Pulumi ESC environments are not supported by the embedded engine.`);
  }
}
