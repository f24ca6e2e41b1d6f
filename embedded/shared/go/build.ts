import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OnProgress } from '../cli/progress';
import { explainFileError } from '../files/file-errors';
import { makePrivateFolder, refuseForeign } from '../files/private-file';
import { withLock } from '../processes/process-lock';
import { BuildReport, builtName } from './build-report';
import { explainGoError } from './explain';
import { type GoModule, type Recipe, isBuilt, programsIn } from './recipe';
import { type GoRun, requireGo, runGo } from './toolchain';

/**
 * Builds programs, or finds that they are built. They are complete or not there at all: an interrupted build leaves nothing
 * that a later one would take for a result. Two builds at once share one result.
 * @throws UserError if Go is missing or too old, modules cannot be fetched, the disk is full, memory runs out, or others
 *   could have put programs there
 */
export async function build(recipe: Recipe, onProgress: OnProgress): Promise<void> {
  const { name, directory } = recipe;
  const kept = path.dirname(directory);
  await refuseForeignPrograms(directory);
  if (isBuilt(recipe)) return;
  await requireGo(recipe);
  const onWait = (holder: string) => {
    onProgress({ kind: 'step', text: `Waiting for another build of ${name} (${holder}).` });
  };
  try {
    await makePrivateFolder(kept);
    await withLock(`${directory}.lock`, onWait, async () => {
      if (!isBuilt(recipe)) await buildAnew(recipe, onProgress);
    });
  } catch (error) {
    throw explainFileError(error, kept);
  }
}

/** @throws UserError if others could have put programs into a recipe's folder */
export async function refuseForeignPrograms(directory: string): Promise<void> {
  const kept = path.dirname(directory);
  for (const folder of [path.dirname(kept), kept, directory]) await refuseForeign(folder);
}

async function buildAnew(recipe: Recipe, onProgress: OnProgress): Promise<void> {
  const { directory } = recipe;
  const log = `${directory}.log`;
  await removeAbandoned(directory);
  const draft = await mkdtemp(draftPrefix(directory));
  // Go's own drafts (gigabytes) lie beside ours, so that what a killed build leaves of them goes with the next build too.
  const work = await mkdtemp(draftPrefix(directory));
  const built = programsIn(recipe).map((program) => path.join(draft, program));
  const report = new BuildReport(built, onProgress);
  onProgress({ kind: 'step', text: recipe.announcement });
  const ticks = setInterval(report.update, 1000);
  const environment = { ...recipe.environment, GOTMPDIR: work };
  const runs = recipe.modules.map((module): [GoModule, GoRun] => [
    module,
    { environment, directory: module.directory, onLine: report.line, log },
  ]);
  try {
    let total = 0;
    for (const [{ packages }, run] of runs) {
      total += (await runGo(['list', '-deps', ...Object.values(packages)], run)).split('\n').length;
    }
    report.total = total;
    for (const [module, run] of runs) await buildModule(module, draft, run);
    await recipe.addFiles?.(draft);
    await rm(directory, { recursive: true, force: true });
    await rename(draft, directory);
    await rm(log, { force: true });
    onProgress({ kind: 'step', text: `Built in ${report.elapsed()}: ${directory}` });
  } catch (error) {
    throw explainGoError(error, recipe, log);
  } finally {
    clearInterval(ticks);
    for (const folder of [draft, work]) await rm(folder, { recursive: true, force: true });
  }
}

async function buildModule({ packages, flags }: GoModule, draft: string, run: GoRun): Promise<void> {
  await runGo(['build', '-v', ...flags, '-o', `${draft}/`, ...Object.values(packages)], run);
  for (const [program, goPackage] of Object.entries(packages)) {
    const [built, wanted] = [path.join(draft, builtName(goPackage)), path.join(draft, program)];
    await mkdir(path.dirname(wanted), { recursive: true });
    if (built !== wanted) await rename(built, wanted);
  }
}

const draftPrefix = (directory: string) => `${directory}.draft-`;

/** Drafts of builds that were killed; nobody else has one while we hold the lock. */
async function removeAbandoned(directory: string): Promise<void> {
  const [kept, prefix] = [path.dirname(directory), path.basename(draftPrefix(directory))];
  for (const name of await readdir(kept)) {
    if (name.startsWith(prefix)) await rm(path.join(kept, name), { recursive: true, force: true });
  }
}
