import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../shared/errors';
import { cacheRoot, programsModule } from './paths';

/** What is built: program name and Go package. Versions are pinned by programs/go.mod. */
export const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
} as const;

export type ProgramName = keyof typeof PACKAGES;

export const programNames = Object.keys(PACKAGES) as ProgramName[];

/** Go names a program after the last part of its package's path that is not a major version. */
export const builtNames: Partial<Record<ProgramName, string>> = { etcd: 'server' };

/** What kwok's simulated nodes and pods do, in files of kwok's own module (below kustomize/stage). */
export const STAGE_FILES = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
] as const;

/** Built programs. */
export interface Programs {
  readonly directory: string;
  readonly path: (program: ProgramName) => string;
  readonly stages: readonly string[];
}

/** How the programs are built: everything that decides what comes out. */
export interface Recipe {
  readonly kubernetesVersion: string;
  /** Oldest Go that go.mod accepts, such as 1.26.0. */
  readonly goVersion: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the folder in the cache; differs whenever anything else does. */
  readonly key: string;
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** @throws UserError on a system where processes cannot be told apart through /proc, or that Kubernetes is not built for */
export function readRecipe(
  platform: NodeJS.Platform = process.platform,
  architecture: NodeJS.Architecture = process.arch,
): Recipe {
  const goArchitecture = architectures[architecture];
  if (platform !== 'linux' || !goArchitecture) {
    throw new UserError(
      `The embedded cluster runs on Linux (x64, arm64) only, this is ${platform} ${architecture}: ` +
        'use a cluster of your own by naming its context in the stack (cluster.context).',
    );
  }
  return recipeOf(
    readFileSync(path.join(programsModule, 'go.mod'), 'utf8'),
    readFileSync(path.join(programsModule, 'go.sum'), 'utf8'),
    goArchitecture,
  );
}

/** Pure part of {@link readRecipe}. */
export function recipeOf(goMod: string, goSum: string, goArchitecture: string): Recipe {
  const kubernetesVersion = match(goMod, /^\s*k8s\.io\/kubernetes (v\S+)/m);
  const goVersion = match(goMod, /^go (\S+)$/m);
  const flags = ['-trimpath', '-ldflags', `-s -w ${versionStamps(kubernetesVersion)}`];
  const environment = {
    GOOS: 'linux',
    GOARCH: goArchitecture,
    // No C compiler is needed, and none that happens to be there decides what is built.
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
  const recipe = { goMod, goSum, flags, environment, packages: PACKAGES, stageFiles: STAGE_FILES };
  const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
  return { kubernetesVersion, goVersion, flags, environment, key: `kubernetes-${kubernetesVersion}-${hash}` };
}

/** Where the recipe's programs are, or will be. */
export function programsOf(recipe: Recipe): Programs {
  const directory = path.join(cacheRoot(), recipe.key);
  return {
    directory,
    path: (program) => path.join(directory, program),
    stages: STAGE_FILES.map((file) => path.join(directory, 'stages', path.basename(file))),
  };
}

export function areBuilt(programs: Programs): boolean {
  return [...programNames.map(programs.path), ...programs.stages].every((file) => existsSync(file));
}

/** Kubernetes learns its version when it is linked; unstamped it is no semantic version, which kubectl refuses. */
function versionStamps(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((name) => [
      `-X ${name}.gitVersion=${version}`,
      `-X ${name}.gitMajor=${major ?? ''}`,
      `-X ${name}.gitMinor=${minor ?? ''}`,
    ])
    .join(' ');
}

function match(goMod: string, pattern: RegExp): string {
  const [, found] = pattern.exec(goMod) ?? [];
  if (!found) throw new Error(`programs/go.mod has no line like ${String(pattern)}`);
  return found;
}
