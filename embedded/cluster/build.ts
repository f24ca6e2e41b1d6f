import { readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatSeconds, type OnProgress } from '../shared/cli/progress';
import { UserError } from '../shared/errors';
import { explainFileError } from '../shared/files/file-errors';
import { makePrivateFolder, refuseForeign } from '../shared/files/private-file';
import { withLock } from '../shared/processes/process-lock';
import { GoError, requireGo, runGo } from './go-toolchain';
import { cacheRoot } from './paths';
import {
  areBuilt,
  builtNames,
  PACKAGES,
  programNames,
  programsOf,
  readRecipe,
  STAGE_FILES,
  type Programs,
  type Recipe,
} from './programs';

/**
 * Builds the pinned programs, or finds that they are built. They are complete or not there at all: an interrupted
 * build leaves nothing that a later one would take for a result. Two builds at once share one result.
 * @throws UserError if Go is missing or too old, modules cannot be fetched, the disk is full, or others could have put
 *   programs there
 */
export async function buildPrograms(onProgress: OnProgress = () => undefined): Promise<Programs> {
  const recipe = readRecipe();
  const programs = programsOf(recipe);
  for (const folder of [path.dirname(cacheRoot()), cacheRoot(), programs.directory]) await refuseForeign(folder);
  if (areBuilt(programs)) return programs;
  await requireGo(recipe);
  const onWait = (holder: string) => {
    onProgress({ kind: 'step', text: `Waiting for another build of the control plane (${holder}).` });
  };
  try {
    await makePrivateFolder(cacheRoot());
    await withLock(`${programs.directory}.lock`, onWait, async () => {
      if (!areBuilt(programs)) await build(recipe, programs, onProgress);
    });
  } catch (error) {
    throw explainFileError(error, cacheRoot());
  }
  return programs;
}

async function build(recipe: Recipe, programs: Programs, onProgress: OnProgress): Promise<void> {
  const log = `${programs.directory}.log`;
  await removeAbandoned(programs);
  const draft = await mkdtemp(draftPrefix(programs));
  // Go's own drafts (gigabytes) lie beside ours, so that what a killed build leaves of them goes with the next build too.
  const work = await mkdtemp(draftPrefix(programs));
  const environment = { ...recipe.environment, GOTMPDIR: work };
  const report = new BuildReport(draft, onProgress);
  onProgress({
    kind: 'step',
    text: `Building Kubernetes ${recipe.kubernetesVersion}, etcd and kwok from source: once, about 5 to 10 minutes.`,
  });
  const ticks = setInterval(report.update, 1000);
  try {
    const wanted = Object.values(PACKAGES);
    const run = { environment, onLine: report.line, log };
    const all = await runGo(['list', '-deps', ...wanted], run);
    report.total = all.split('\n').length;
    await runGo(['build', '-v', ...recipe.flags, '-o', `${draft}/`, ...wanted], run);
    for (const [program, built] of Object.entries(builtNames)) {
      await rename(path.join(draft, built), path.join(draft, program));
    }
    await copyStages(recipe, path.join(draft, 'stages'));
    await rm(programs.directory, { recursive: true, force: true });
    await rename(draft, programs.directory);
    await rm(log, { force: true });
    onProgress({ kind: 'step', text: `Built in ${report.elapsed()}: ${programs.directory}` });
  } catch (error) {
    throw explainGoError(error, log);
  } finally {
    clearInterval(ticks);
    for (const folder of [draft, work]) await rm(folder, { recursive: true, force: true });
  }
}

async function copyStages(recipe: Recipe, target: string): Promise<void> {
  const kwok = await runGo(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], { environment: recipe.environment });
  await mkdir(target);
  for (const file of STAGE_FILES) {
    await copyFile(path.join(kwok, 'kustomize', 'stage', file), path.join(target, path.basename(file)));
  }
}

const draftPrefix = ({ directory }: Programs) => `${directory}.draft-`;

/** Drafts of builds that were killed; nobody else has one while we hold the lock. */
async function removeAbandoned(programs: Programs): Promise<void> {
  const prefix = path.basename(draftPrefix(programs));
  for (const name of await readdir(cacheRoot())) {
    if (name.startsWith(prefix)) await rm(path.join(cacheRoot(), name), { recursive: true, force: true });
  }
}

/** Says how far a build is, from what Go prints. */
class BuildReport {
  /** How many packages there are, once that is known. Those that Go has in its cache are not compiled again. */
  total: number | undefined;
  private readonly start = performance.now();
  private downloaded = 0;
  private compiled = 0;

  constructor(
    private readonly draft: string,
    private readonly onProgress: OnProgress,
  ) {}

  readonly line = (line: string): void => {
    if (line.startsWith('go: downloading ')) this.downloaded += 1;
    else if (!line.startsWith('#')) this.compiled += 1;
  };

  readonly update = (): void => {
    const linked = readdirSync(this.draft).length;
    const parts = [
      ...(this.downloaded > 0 ? [`${this.downloaded} modules downloaded`] : []),
      ...(this.total ? [`${this.compiled} of at most ${this.total} packages compiled`] : []),
      `${linked} of ${programNames.length} programs linked`,
    ];
    this.onProgress({ kind: 'update', text: `  ${this.elapsed()}: ${parts.join(', ')}` });
  };

  elapsed(): string {
    return formatSeconds((performance.now() - this.start) / 1000);
  }
}

/**
 * Turns the usual failures of Go into what the user can do about them; any other error is returned as it is.
 * @param log where all of Go's output is
 */
export function explainGoError(error: unknown, log: string): unknown {
  if (!(error instanceof GoError)) return error;
  const find = (pattern: RegExp) => error.output.find((line) => pattern.test(line))?.trim();
  if (find(/no space left on device/)) {
    return new UserError(
      'The disk is full: the build needs about 4 GB for Go (folders `go env GOCACHE GOMODCACHE`) and ' +
        `2 GB in ${cacheRoot()}, of which 0.5 GB are kept. Make room and try again; what is compiled already is kept.`,
    );
  }
  const network = find(/dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|GOPROXY|proxyconnect/);
  if (network) {
    return new UserError(
      `Go could not download the modules of the control plane (${network}). Check the connection, or set GOPROXY to a ` +
        'module proxy that this machine reaches, and try again.',
    );
  }
  return new UserError(
    `The control plane could not be built. Go's last words:\n${error.output.slice(-15).join('\n')}\nAll of them: ${log}`,
  );
}
