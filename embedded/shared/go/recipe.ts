import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** A Go module of our own: its go.mod pins what is built and its go.sum verifies it. */
export interface GoModule {
  /** Its folder. */
  readonly directory: string;
  /** Programs, by their path in the folder, each with the package that it is made of. */
  readonly packages: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

/** Programs that are built from source, once, and kept in a folder for all checkouts. */
export interface Recipe {
  /** What they make up, in sentences: `the control plane`. */
  readonly name: string;
  /** Where they are, or will be. It is named after everything that decides what comes out. */
  readonly directory: string;
  /** They are built one after the other. */
  readonly modules: readonly GoModule[];
  /** Of Go, beside what it finds in this process's. */
  readonly environment: Readonly<Record<string, string>>;
  /** The oldest Go that their go.mod accept, such as 1.26.0. */
  readonly goVersion: string;
  /** What it takes, for whoever waits for it. */
  readonly announcement: string;
  /** What a full disk lacked: `4 GB for Go … and 2 GB in`. */
  readonly space: { readonly caches: string; readonly folder: string; readonly kept: string };
  /** What linking takes at its peak, where that is more than a small machine has: `4.5 GB`. */
  readonly memory?: string;
  /** What else one can do, after "Install Go …, or". */
  readonly alternative: string;
  /** Files beside the programs, as paths in the folder. */
  readonly files: readonly string[];
  /** Puts those files into the folder while it is still being made. */
  readonly addFiles?: (folder: string) => Promise<void>;
}

/** Names of all programs. */
export const programsIn = ({ modules }: Pick<Recipe, 'modules'>): string[] =>
  modules.flatMap(({ packages }) => Object.keys(packages));

/** Whether there is nothing left to build. */
export const isBuilt = (recipe: Recipe): boolean =>
  [...programsIn(recipe), ...recipe.files].every((file) => existsSync(path.join(recipe.directory, file)));

/** How every program here is built. No C compiler is needed, and none that happens to be there decides what comes out. */
export const goEnvironment = (architecture: string) => ({
  GOOS: 'linux',
  GOARCH: architecture,
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
});

/** Go's name of this machine's kind, where what is built here is known to run. */
export function goArchitecture(
  platform: NodeJS.Platform = process.platform,
  architecture: NodeJS.Architecture = process.arch,
): string | undefined {
  const names: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
  return platform === 'linux' ? names[architecture] : undefined;
}

/** The go.mod and go.sum of a module. */
export const readModule = (directory: string) => ({
  goMod: readFileSync(path.join(directory, 'go.mod'), 'utf8'),
  goSum: readFileSync(path.join(directory, 'go.sum'), 'utf8'),
});

/** The oldest Go that a go.mod accepts. */
export const goVersionOf = (goMod: string): string => inGoMod(goMod, /^go (\S+)$/m);

/** The version that a go.mod pins. */
export const versionIn = (goMod: string, module: string): string =>
  inGoMod(goMod, new RegExp(`^(?:require)?\\s*${module.replaceAll('.', '\\.')} (v\\S+)`, 'm'));

function inGoMod(goMod: string, pattern: RegExp): string {
  const [, found] = pattern.exec(goMod) ?? [];
  if (!found) throw new Error(`a go.mod has no line like ${String(pattern)}`);
  return found;
}

/**
 * A folder in which built programs are kept for all checkouts.
 * @param environment XDG_CACHE_HOME is honoured if it is an absolute path, as its specification demands
 */
export function cacheFolder(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment.XDG_CACHE_HOME;
  const base = configured && path.isAbsolute(configured) ? configured : path.join(homedir(), '.cache');
  return path.join(base, 'aios-network', name);
}
