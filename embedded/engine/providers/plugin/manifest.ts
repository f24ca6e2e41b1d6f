import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { YamlError, parseYaml } from '../../../../stack-file';
import { UserError, codeOf, messageOf } from '../../../shared/errors';

const manifestSchema = z.looseObject({
  runtime: z.union([
    z.string().transform((name) => ({ name, options: {} })),
    z.looseObject({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) }),
  ]),
});

/**
 * Checks that the folder holds a plugin this engine can run: a PulumiPlugin.yaml with runtime nodejs.
 *
 * @throws UserError otherwise
 */
export function checkManifest(name: string, folder: string): void {
  const file = join(folder, 'PulumiPlugin.yaml');
  const manifest = manifestSchema.safeParse(readManifest(name, file));
  if (!manifest.success) {
    throw new UserError(`provider plugin "${name}": ${file} must say which runtime it wants, as in "runtime: nodejs"`);
  }
  const { runtime } = manifest.data;
  if (runtime.name !== 'nodejs') {
    throw new UserError(
      `provider plugin "${name}": runtime is "${runtime.name}" in ${file}; this engine runs nodejs only, the pulumi CLI others`,
    );
  }
}

function readManifest(name: string, file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = reasonOf(error);
    throw new UserError(
      `provider plugin "${name}": ${file} cannot be read (${reason}); its folder is named under plugins.providers in Pulumi.yaml`,
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof YamlError) return `line ${error.line}, column ${error.column}: ${error.message}`;
  return codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
}
