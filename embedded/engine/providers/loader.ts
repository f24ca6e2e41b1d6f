import { UserError } from '../../shared/errors';
import type { LoadProvider } from '../deployment/provider-registry';
import type { Project } from '../project/project';
import { KubernetesProvider } from './kubernetes/provider';
import { PluginProvider } from './plugin/plugin-provider';
import type { Provider } from './provider';
import { RandomProvider } from './random/provider';

/** The providers that are part of the engine, by package. */
const builtinProviders: Record<string, () => Provider> = {
  kubernetes: () => new KubernetesProvider(),
  random: () => new RandomProvider(),
};

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
