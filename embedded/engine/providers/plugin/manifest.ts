import { UserError, messageOf } from '../../../shared/errors';
import { isMissing, readYaml } from '../../project/yaml-file';
import { isMap } from '../../values/is-map';

/**
 * Checks that a folder holds a plugin this engine can run: its manifest says runtime nodejs.
 *
 * @param title what messages call the plugin
 * @param namedIn who says where its folder is
 * @throws UserError otherwise
 */
export async function checkManifest(title: string, file: string, namedIn: string): Promise<void> {
  const { runtime } = await readYaml(file).catch((error: unknown) => {
    const reason = isMissing(error) ? 'there is no such file' : messageOf(error);
    throw new UserError(`${title}: ${file} cannot be read (${reason}); ${namedIn}`);
  });
  if ((isMap(runtime) ? runtime.name : runtime) === 'nodejs') return;
  throw new UserError(
    `${title}: ${file} does not say "runtime: nodejs"; this engine runs no others, the pulumi CLI does`,
  );
}
