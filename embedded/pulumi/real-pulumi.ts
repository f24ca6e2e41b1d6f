import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { refuseForeignPrograms } from '../shared/go/build';
import { isBuilt } from '../shared/go/recipe';
import { isOlder } from '../shared/go/toolchain';
import { KUBERNETES_PLUGIN, readRecipe } from './recipe';

/** The oldest CLI that knows everything the program uses: that of the SDK in package.json. */
const OLDEST = '3.248';

/**
 * What the CLI and its plugins, all written in Go, run faster with: they collect garbage less often. Of the CPU time of a preview
 * of stack dev it saves a tenth to a sixth, for about a fifth more memory. A GOGC of the user's wins.
 */
const FASTER = { GOGC: '400' };

/** The official pulumi CLI, and what to run it with. */
export interface RealPulumi {
  /** What to start: a name that `env.PATH` knows, or a path. */
  bin: string;
  /** The whole environment. */
  env: NodeJS.ProcessEnv;
  /** Such as 3.260.0. */
  version: string;
  /** Whether it is the one of `make pulumi`. */
  isBuilt: boolean;
}

/**
 * The CLI on the PATH if it is recent enough, else the one that `make pulumi` has built.
 * @param environment what the CLI is to be started from, and with
 */
export function realPulumi(environment: NodeJS.ProcessEnv = process.env): RealPulumi | undefined {
  const found = pulumiOnPath(environment);
  return found && isRecent(found.version) ? found : builtPulumi(environment);
}

/** The CLI on the PATH, whatever its version. */
export function pulumiOnPath(environment: NodeJS.ProcessEnv = process.env): RealPulumi | undefined {
  try {
    const output = execFileSync('pulumi', ['version'], {
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return {
      bin: 'pulumi',
      env: { ...FASTER, ...environment },
      version: output.trim().replace(/^v/, ''),
      isBuilt: false,
    };
  } catch {
    return undefined;
  }
}

/** Whether a CLI of this version can run the program. */
export const isRecent = (version: string): boolean => /^\d/.test(version) && !isOlder(version, OLDEST);

/**
 * The CLI that `make pulumi` has built. What it needs comes after all that is on the PATH, and not at all where the user has
 * installed it: the official plugins win.
 */
export function builtPulumi(environment: NodeJS.ProcessEnv = process.env): RealPulumi | undefined {
  const recipe = recipeHere();
  if (!recipe || !isBuilt(recipe)) return undefined;
  const { directory } = recipe;
  const folders = [
    environment.PATH,
    directory,
    ...(hasPlugin('kubernetes', environment) ? [] : [path.dirname(path.join(directory, KUBERNETES_PLUGIN))]),
    ...(hasPlugin('random', environment) ? [] : [path.join(__dirname, 'random')]),
  ];
  const env = {
    ...FASTER,
    ...environment,
    PATH: folders.filter(Boolean).join(path.delimiter),
    // A machine that could download plugins and updates had no need of a CLI built from source.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const [version = ''] = path.basename(directory).slice(1).split('-');
  return { bin: path.join(directory, 'pulumi'), env, version, isBuilt: true };
}

/**
 * The CLI that `make pulumi` has built, if nobody else can have put it there.
 * @throws UserError otherwise
 */
export async function trustedPulumi(environment: NodeJS.ProcessEnv = process.env): Promise<RealPulumi | undefined> {
  const built = builtPulumi(environment);
  if (built) await refuseForeignPrograms(path.dirname(built.bin));
  return built;
}

/** Undefined on a system where nothing can be built. */
function recipeHere() {
  try {
    return readRecipe();
  } catch {
    return undefined;
  }
}

/** Whether a provider is among the plugins that the CLI has installed. It would look there only after the PATH. */
function hasPlugin(name: string, { PULUMI_HOME }: NodeJS.ProcessEnv): boolean {
  const plugins = path.join(PULUMI_HOME ?? path.join(homedir(), '.pulumi'), 'plugins');
  try {
    return readdirSync(plugins).some((file) => new RegExp(`^resource-${name}-v[^/]*\\d$`).test(file));
  } catch {
    return false;
  }
}
