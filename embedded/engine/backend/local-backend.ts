import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseYaml } from '../../../stack-file';
import { UserError, codeOf, messageOf } from '../../shared/errors';
import type { DeploymentJson } from '../state/codec';
import { copyAtomically, removeLeftovers, writeAtomically } from '../../shared/files/atomic-file';
import { fileProblem } from '../../shared/files/file-errors';
import { backendRoot } from './backend-url';
import { DamagedCheckpoint, checkpointText, parseCheckpoint } from './checkpoint';
import { type UpdateInfo, historyName, historyText } from './history';
import { StackLock, removeLocks } from './lock';
import { isMap } from '../values/is-map';
import { type StackReference, qualifiedName } from './stack-reference';
import { StateFile } from './state-file';
import { lossOf, wayBack } from './way-back';

const LAYOUT_VERSION = 1;

/** The states of stacks in a folder, laid out as the CLI's local backend does since 3.60. */
export class LocalBackend {
  private held: StackLock | undefined;
  private readonly files = new Map<string, StateFile>();
  private note: (message: string) => void = () => undefined;

  private constructor(readonly root: string) {}

  /**
   * Opens the backend; a new folder is given the layout.
   *
   * @param url `file://…`: PULUMI_BACKEND_URL, else `backend.url` of Pulumi.yaml
   * @param directory what a relative URL is relative to
   * @throws UserError for another kind of backend or an older layout
   */
  static async open(url: string | undefined, directory: string): Promise<LocalBackend> {
    const backend = new LocalBackend(backendRoot(url, directory));
    await backend.ensureLayout();
    return backend;
  }

  stackFile({ project, stack }: StackReference): string {
    return this.path('stacks', project, `${stack}.json`);
  }

  /**
   * The stack's deployment; undefined for a stack that does not exist or was never updated.
   *
   * @throws UserError if it cannot be read or is damaged, or if a killed run of the CLI left it incomplete
   */
  async read(reference: StackReference): Promise<DeploymentJson | undefined> {
    const file = this.stackFile(reference);
    await this.stateFile(reference).see();
    const contents = await this.contentsOf(reference);
    await this.refuseUnfinishedJournal(reference, contents);
    if (!contents) {
      await this.refuseCompressed(reference);
      return undefined;
    }
    try {
      return parseCheckpoint(contents, file, reference);
    } catch (error) {
      throw error instanceof DamagedCheckpoint ? await this.damaged(reference, error.message) : error;
    }
  }

  /** What to say of a stack whose state cannot be used: what is wrong, that it is kept, and the way back. */
  async damaged(reference: StackReference, problem: string): Promise<UserError> {
    const { project, stack } = reference;
    const file = this.stackFile(reference);
    const folders = [this.path('backups', project, stack), this.historyDirectory(reference)];
    return new UserError(
      `The state of stack ${stack} is damaged: ${file}: ${problem}. It is kept as it is, and nothing was changed.\n` +
        (await wayBack({ reference, file, folders })),
    );
  }

  /**
   * To be asked before a run begins with nothing.
   * @throws UserError if the stack has a history of updates all the same
   */
  async refuseLost(reference: StackReference): Promise<void> {
    const file = this.stackFile(reference);
    const folders = [this.historyDirectory(reference)];
    const loss = await lossOf({ reference, file, folders }, existsSync(file));
    if (loss !== undefined) throw new UserError(loss);
  }

  /**
   * Makes a deployment (JSON text) the stack's state; the one before stays as `.bak`. What somebody else has put in its place
   * since it was read stays, too, under another name, and is told.
   *
   * @throws UserError if it cannot be written, or the stack's lock was taken away from this run
   */
  async write(reference: StackReference, deployment: Buffer | undefined): Promise<void> {
    this.held?.ensureHeld();
    const state = this.stateFile(reference);
    const { file } = state;
    await state.keepForeign(this.note);
    if (existsSync(file)) await copyAtomically(file, `${file}.bak`, `a backup of stack ${reference.stack}`);
    await writeAtomically(file, checkpointText(reference, deployment), `the state of stack ${reference.stack}`);
    await state.see();
  }

  /** Removes the stack: its state, backup and history. */
  async remove(reference: StackReference): Promise<void> {
    const file = this.stackFile(reference);
    await rm(this.historyDirectory(reference), { recursive: true, force: true });
    await Promise.all(
      [file, `${file}.attrs`, `${file}.bak`, `${file}.bak.attrs`].map((path) => rm(path, { force: true })),
    );
  }

  /** @param note told about a lock that was taken over, and about what somebody else does to the state meanwhile */
  async lock(reference: StackReference, note: (message: string) => void): Promise<StackLock> {
    const lock = await StackLock.acquire(this.lockDirectory(reference), reference.stack, note);
    await removeLeftovers(this.stackFile(reference));
    this.held = lock;
    this.note = note;
    return lock;
  }

  /** Removes the stack's locks (of runs that are alive only by force); returns who had them. */
  cancel(reference: StackReference, options: { force: boolean }): Promise<string[]> {
    return removeLocks(this.lockDirectory(reference), reference.stack, options);
  }

  /** Adds an ended update to the stack's history, with the state that it left. */
  async addToHistory(reference: StackReference, info: UpdateInfo): Promise<void> {
    const entry = join(this.historyDirectory(reference), historyName(reference.stack));
    const what = `the history of stack ${reference.stack}`;
    await writeAtomically(`${entry}.history.json`, historyText(info), what);
    const file = this.stackFile(reference);
    if (existsSync(file)) await copyAtomically(file, `${entry}.checkpoint.json`, what);
  }

  private async contentsOf(reference: StackReference): Promise<Buffer | undefined> {
    const file = this.stackFile(reference);
    const isFolder = (await stat(file).catch(() => undefined))?.isDirectory() === true;
    if (isFolder) throw await this.damaged(reference, 'in its place there is a folder');
    return readIfPresent(file);
  }

  private stateFile(reference: StackReference): StateFile {
    const file = this.stackFile(reference);
    const known = this.files.get(file) ?? new StateFile(file);
    this.files.set(file, known);
    return known;
  }

  private path(...parts: string[]): string {
    return join(this.root, '.pulumi', ...parts);
  }

  private lockDirectory(reference: StackReference): string {
    return this.path('locks', ...qualifiedName(reference).split('/'));
  }

  private historyDirectory({ project, stack }: StackReference): string {
    return this.path('history', project, stack);
  }

  private async ensureLayout(): Promise<void> {
    const file = this.path('meta.yaml');
    const text = (await readIfPresent(file))?.toString();
    const version = text === undefined ? await this.layoutWithoutMeta() : versionIn(text, file);
    if (version === LAYOUT_VERSION) return;
    if (version !== undefined) {
      throw new UserError(
        `The backend ${this.root} has layout version ${String(version)}, the embedded engine knows ${LAYOUT_VERSION}.` +
          (version === 0 ? ' Bring it up to date with `pulumi state upgrade`.' : ' Use the Pulumi CLI for it.'),
      );
    }
    await mkdir(this.path(), { recursive: true, mode: 0o700 });
    await writeAtomically(file, `version: ${LAYOUT_VERSION}\n`, 'the layout of the backend');
  }

  /** Old layouts have stacks at the top, and no meta.yaml. */
  private async layoutWithoutMeta(): Promise<number | undefined> {
    const names = await readdir(this.path('stacks')).catch(() => []);
    return names.some((name) => /\.json(\.gz|\.zst)?$/.test(name)) ? 0 : undefined;
  }

  private async refuseCompressed(reference: StackReference): Promise<void> {
    for (const extension of ['.gz', '.zst']) {
      const file = `${this.stackFile(reference)}${extension}`;
      const contents = await readFile(file).catch(() => undefined);
      if (contents) parseCheckpoint(contents, file, reference);
    }
  }

  /** Recent CLIs note steps in a journal, which the next run of the CLI merges into the state if they were killed. */
  private async refuseUnfinishedJournal({ project, stack }: StackReference, state: Buffer | undefined): Promise<void> {
    const directory = this.path('journal', project, stack);
    const base = await journalBase(join(directory, 'manifest.json'));
    if (base === undefined) return;
    const hash = state ? createHash('sha256').update(state).digest('hex') : '';
    const entries = (await readdir(directory)).filter((name) => name.endsWith('.journal.json'));
    if (base !== hash || entries.length === 0) return;
    throw new UserError(
      `A run of the Pulumi CLI on stack ${stack} was killed and left ${entries.length} steps in ${directory} that are not ` +
        'in the state yet. Run `pulumi refresh` once, which merges them, or the resources of these steps would be lost.',
    );
  }
}

/** The hash of the state that a journal continues; a journal without a readable one is void, for the CLI as well. */
async function journalBase(manifest: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(manifest, 'utf8')) as { baseCheckpointHash?: string }).baseCheckpointHash;
  } catch {
    return undefined;
  }
}

/** The layout's version in the text of a meta.yaml. */
function versionIn(text: string, file: string): number {
  try {
    const meta = parseYaml(text);
    if (isMap(meta) && typeof meta.version === 'number') return meta.version;
  } catch {
    // It is damaged, however.
  }
  throw new UserError(
    `${file} is damaged: it does not say the version of the backend's layout. It is kept as it is. If each stack has its ` +
      `file in a folder of its project below ${join(dirname(file), 'stacks')}, write "version: ${LAYOUT_VERSION}" into it.`,
  );
}

/** @throws UserError if there is something that cannot be read */
async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UserError(`${file} cannot be read, and is kept as it is: ${fileProblem(error) ?? messageOf(error)}.`);
  }
}
