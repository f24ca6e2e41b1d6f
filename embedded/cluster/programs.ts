import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../shared/errors';
import {
  type Recipe,
  cacheFolder,
  goArchitecture,
  goEnvironment,
  goVersionOf,
  readModule,
  versionIn,
} from '../shared/go/recipe';
import { runGo } from '../shared/go/toolchain';
import { programsModule } from './paths';

/** What is built: program name and Go package. Versions are pinned by programs/go.mod. */
export const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
} as const;

type ProgramName = keyof typeof PACKAGES;

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

const STAGES = 'stages';

const stages = STAGE_FILES.map((file) => path.join(STAGES, path.basename(file)));

const ALTERNATIVE = 'use a cluster of your own by naming its context in the stack (cluster.context)';

/** @throws UserError on a system where processes cannot be told apart through /proc, or that Kubernetes is not built for */
export function readRecipe(
  platform: NodeJS.Platform = process.platform,
  architecture: NodeJS.Architecture = process.arch,
): Recipe {
  const machine = goArchitecture(platform, architecture);
  if (!machine) {
    throw new UserError(
      `The embedded cluster runs on Linux (x64, arm64) only, this is ${platform} ${architecture}: ${ALTERNATIVE}.`,
    );
  }
  const { goMod, goSum } = readModule(programsModule);
  return recipeOf(goMod, goSum, machine);
}

/** Pure part of {@link readRecipe}. */
export function recipeOf(goMod: string, goSum: string, machine: string): Recipe {
  const version = versionIn(goMod, 'k8s.io/kubernetes');
  const flags = ['-trimpath', '-ldflags', `-s -w ${versionStamps(version)}`];
  const environment = goEnvironment(machine);
  const decisive = { goMod, goSum, flags, environment, packages: PACKAGES, stageFiles: STAGE_FILES };
  const hash = createHash('sha256').update(JSON.stringify(decisive)).digest('hex').slice(0, 16);
  return {
    name: 'the control plane',
    directory: path.join(cacheFolder('control-plane'), `kubernetes-${version}-${hash}`),
    modules: [{ directory: programsModule, packages: PACKAGES, flags }],
    environment,
    goVersion: goVersionOf(goMod),
    announcement: `Building Kubernetes ${version}, etcd and kwok from source: once, about 5 to 10 minutes.`,
    space: { caches: '4 GB', folder: '2 GB', kept: '0.5 GB' },
    alternative: ALTERNATIVE,
    files: stages,
    addFiles: (folder) => copyStages(environment, path.join(folder, STAGES)),
  };
}

async function copyStages(environment: Recipe['environment'], target: string): Promise<void> {
  const run = { environment, directory: programsModule };
  const kwok = await runGo(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], run);
  await mkdir(target);
  for (const file of STAGE_FILES) {
    await copyFile(path.join(kwok, 'kustomize', 'stage', file), path.join(target, path.basename(file)));
  }
}

/** Where the recipe's programs are, or will be. */
export const programsOf = ({ directory }: Recipe): Programs => ({
  directory,
  path: (program) => path.join(directory, program),
  stages: stages.map((file) => path.join(directory, file)),
});

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
