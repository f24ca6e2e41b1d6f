import { UserError } from '../../shared/errors';
import type { LoadProvider } from '../deployment/provider-registry';
import type { Project } from '../project/project';
import { builtinProviders } from './builtin';
import { PluginProvider } from './plugin/plugin-provider';

/** Finds a package's provider: a plugin that the project names, or one that is built in. */
export function providerLoader(
  project: Project,
  engineAddress: () => Promise<string>,
  log: (line: string) => void,
): LoadProvider {
  return async (packageName) => {
    const plugin = project.plugins.providers.find(({ name }) => name === packageName);
    if (plugin) {
      return new PluginProvider({
        name: plugin.name,
        folder: plugin.path,
        workingDirectory: project.directory,
        engineAddress: await engineAddress(),
        log,
      });
    }
    const builtin = builtinProviders[packageName];
    if (builtin) return builtin();
    throw new UserError(
      `The embedded engine has no provider for package "${packageName}": built in are ` +
        `${Object.keys(builtinProviders).join(', ')}, and Pulumi.yaml can name local ones under plugins.providers. ` +
        'For any other, use the pulumi CLI.',
    );
  };
}
