import { join } from 'node:path';
import { UserError, messageOf } from '../../../shared/errors';
import { isMissing, readYaml } from '../../project/yaml-file';
import { isMap } from '../../values/is-map';
import { type PluginOptions, titleOf } from './plugin-options';

/**
 * Checks that the folder holds a plugin this engine can run: its manifest says runtime nodejs.
 *
 * @throws UserError otherwise
 */
export async function checkManifest({ kind, name, folder }: PluginOptions): Promise<void> {
  const title = titleOf({ kind, name });
  const file = join(folder, kind.manifest);
  const { runtime } = await readYaml(file).catch((error: unknown) => {
    const reason = isMissing(error) ? 'there is no such file' : messageOf(error);
    throw new UserError(`${title}: ${file} cannot be read (${reason}); ${kind.namedIn}`);
  });
  if ((isMap(runtime) ? runtime.name : runtime) === 'nodejs') return;
  throw new UserError(
    `${title}: ${file} does not say "runtime: nodejs"; this engine runs no others, the pulumi CLI does`,
  );
}
