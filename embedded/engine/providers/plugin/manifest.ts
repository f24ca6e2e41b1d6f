import { join } from 'node:path';
import { UserError, messageOf } from '../../../shared/errors';
import { isMissing, readYaml } from '../../project/yaml-file';
import { isMap } from '../../values/is-map';

/**
 * Checks that the folder holds a plugin this engine can run: a PulumiPlugin.yaml with runtime nodejs.
 *
 * @throws UserError otherwise
 */
export async function checkManifest(name: string, folder: string): Promise<void> {
  const file = join(folder, 'PulumiPlugin.yaml');
  const { runtime } = await readYaml(file).catch((error: unknown) => {
    const reason = isMissing(error) ? 'there is no such file' : messageOf(error);
    throw new UserError(
      `provider plugin "${name}": ${file} cannot be read (${reason}); its folder is named under plugins.providers in Pulumi.yaml`,
    );
  });
  if ((isMap(runtime) ? runtime.name : runtime) === 'nodejs') return;
  throw new UserError(
    `provider plugin "${name}": ${file} does not say "runtime: nodejs"; this engine runs no others, the pulumi CLI does`,
  );
}
