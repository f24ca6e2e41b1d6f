import { createHash } from 'node:crypto';
import path from 'node:path';
import { UserError } from '../shared/errors';
import {
  type GoModule,
  type Recipe,
  cacheFolder,
  goArchitecture,
  goEnvironment,
  goVersionOf,
  readModule,
  versionIn,
} from '../shared/go/recipe';
import { isOlder } from '../shared/go/toolchain';

const MODULES = path.join(__dirname, 'modules');

/** The kubernetes provider, apart from the others: where an official one is installed, it is not offered. */
export const KUBERNETES_PLUGIN = 'kubernetes/pulumi-resource-kubernetes';

const SDK = 'github.com/pulumi/pulumi/sdk/v3';

/** What is built, by the folder of its module. The smallest comes first: what is wrong with Go shows early. */
const PROGRAMS = [
  {
    folder: 'pulumi-language-nodejs',
    packages: { 'pulumi-language-nodejs': `${SDK}/nodejs/cmd/pulumi-language-nodejs` },
    versionOf: SDK,
  },
  {
    folder: 'pulumi',
    packages: { pulumi: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi' },
    versionOf: 'github.com/pulumi/pulumi/pkg/v3',
  },
  {
    folder: 'pulumi-resource-kubernetes',
    packages: { [KUBERNETES_PLUGIN]: 'aios-network/embedded/pulumi/modules/pulumi-resource-kubernetes' },
  },
] as const;

const ALTERNATIVE = 'leave it: the embedded engine does without';

/** @throws UserError on a system where the programs have not been tried */
export function readRecipe(): Recipe {
  const machine = goArchitecture();
  if (machine === undefined) {
    throw new UserError(
      `The pulumi CLI is built from source on Linux (x64, arm64) only, this is ${process.platform} ${process.arch}: install ` +
        `the official one, or ${ALTERNATIVE}.`,
    );
  }
  const environment = goEnvironment(machine);
  const modules = PROGRAMS.map(({ folder, packages, ...rest }) => {
    const directory = path.join(MODULES, folder);
    const { goMod, goSum } = readModule(directory);
    const version = 'versionOf' in rest ? versionIn(goMod, rest.versionOf) : undefined;
    return { directory, packages, flags: flagsFor(version), goMod, goSum, version };
  });
  const decisive = modules.map(({ goMod, goSum, flags, packages }) => ({ goMod, goSum, flags, packages }));
  const hash = createHash('sha256').update(JSON.stringify({ decisive, environment })).digest('hex').slice(0, 16);
  return {
    name: 'the pulumi CLI',
    directory: path.join(cacheFolder('pulumi'), `${modules[1]?.version ?? ''}-${hash}`),
    modules: modules.map(({ directory, packages, flags }): GoModule => ({ directory, packages, flags })),
    environment,
    goVersion: modules.map(({ goMod }) => goVersionOf(goMod)).reduce((a, b) => (isOlder(a, b) ? b : a)),
    announcement:
      'Building the pulumi CLI, its Node.js language host and the Kubernetes provider from source: once, about 22 minutes ' +
      'on two cores, with 4.5 GB of memory.',
    space: { caches: '4 GB', folder: '1 GB', kept: '0.3 GB' },
    memory: '4.5 GB',
    alternative: ALTERNATIVE,
    files: [],
  };
}

/** Both learn their version when they are linked. */
function flagsFor(version: string | undefined): string[] {
  const stamp = version === undefined ? '' : ` -X ${SDK}/go/common/version.Version=${version}`;
  return ['-trimpath', '-ldflags', `-s -w${stamp}`];
}
