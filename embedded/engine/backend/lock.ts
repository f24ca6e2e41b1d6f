import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError, codeOf, messageOf } from '../../shared/errors';
import { makePrivateFolder } from '../../shared/files/private-file';
import { livenessOf, ownIdentity, type ProcessIdentity } from '../../shared/processes/process-identity';

/** What a lock file says about its owner. The CLI knows pid, hostname and these; it passes over the rest. */
interface LockContent extends ProcessIdentity {
  username: string;
  timestamp: string;
}

interface FoundLock {
  file: string;
  /** Undefined where the file cannot be understood. */
  content?: LockContent;
}

/** The exclusive right to change a stack, held by this process and seen by the CLI as well. */
export class StackLock {
  /** Whether it was told that the lock is gone, once for all the steps that fail of it. */
  private isLossTold = false;

  private constructor(
    private readonly file: string,
    private readonly stack: string,
  ) {}

  /**
   * Takes the lock, as the CLI does: by a file of one's own beside which there may be no other. Locks of processes of
   * this machine that have ended are removed.
   *
   * @param directory the stack's lock folder
   * @param note told what else happened
   * @throws UserError naming the owners, if another run has the lock
   */
  static async acquire(directory: string, stack: string, note: (message: string) => void): Promise<StackLock> {
    await refuseIfLocked(directory, stack, note);
    const file = join(directory, `${randomUUID()}.json`);
    await writeWhole(file, JSON.stringify(ownContent()));
    const lock = new StackLock(file, stack);
    process.once('exit', lock.removeNow);
    try {
      // Of two runs that got here at once each sees the other's file: both give up, as with the CLI.
      await refuseIfLocked(directory, stack, note, file);
    } catch (error) {
      await lock.release();
      throw error;
    }
    return lock;
  }

  /**
   * To be called before the state is written: whoever took the lock away may have let another run in.
   *
   * @throws UserError if this run does not have the lock any more
   */
  ensureHeld(): void {
    if (existsSync(this.file)) return;
    if (this.isLossTold) throw new UserError(`The lock of stack ${this.stack} is gone, as said above.`);
    this.isLossTold = true;
    throw new UserError(
      `The lock of stack ${this.stack} was removed while this run had it: another run may be changing the stack, so ` +
        'this one ends. Refresh the stack once nobody else works on it.',
    );
  }

  async release(): Promise<void> {
    process.off('exit', this.removeNow);
    await rm(this.file, { force: true });
  }

  private readonly removeNow = () => rmSync(this.file, { force: true });
}

/**
 * Removes the locks of a stack: for `cancel`.
 *
 * @param force also those of runs of this machine that are alive
 * @returns descriptions of what was removed
 * @throws UserError naming such a run, if it is not forced; then nothing is removed
 */
export async function removeLocks(directory: string, stack: string, { force }: { force: boolean }): Promise<string[]> {
  const locks = await findLocks(directory);
  const alive = force ? [] : locks.filter((lock) => liveness(lock) === 'running');
  if (alive.length > 0) {
    throw new UserError(
      `Stack ${stack} is locked by a run that is alive:\n${list(alive)}\n${howToEnd(alive)} ` +
        'With --force its lock is removed all the same: then it ends at its next step, and what it had begun has to be ' +
        'looked for with a refresh.',
    );
  }
  await Promise.all(locks.map(removeLock));
  return locks.map(describe);
}

async function refuseIfLocked(
  directory: string,
  stack: string,
  note: (message: string) => void,
  own?: string,
): Promise<void> {
  const others = (await findLocks(directory)).filter(({ file }) => file !== own);
  const stale = others.filter((lock) => liveness(lock) === 'ended');
  for (const lock of stale) {
    await removeLock(lock);
    note(`Took over stack ${stack} from a run that was killed (${describe(lock)}).`);
  }
  const held = others.filter((lock) => !stale.includes(lock));
  if (held.length === 0) return;
  const advice = held.every((lock) => liveness(lock) === 'running')
    ? howToEnd(held)
    : 'Wait until it has ended. If you are sure that it no longer runs, remove the lock with the command "cancel" ' +
      '(or `pulumi cancel`) and try again.';
  throw new UserError(`Stack ${stack} is locked by another run:\n${list(held)}\n${advice}`);
}

function liveness({ content }: FoundLock) {
  return content ? livenessOf(content, new Date(content.timestamp)) : 'unseen';
}

function howToEnd(locks: readonly FoundLock[]): string {
  const pids = locks.map(({ content }) => content?.pid).join(' ');
  return `Wait until it has ended, or end it with \`kill ${pids}\`: it finishes the steps that are running and keeps the state.`;
}

const list = (locks: readonly FoundLock[]) => locks.map((lock) => `  ${describe(lock)}, ${lock.file}`).join('\n');

function describe({ file, content }: FoundLock): string {
  if (!content) return `a lock that cannot be read (${file})`;
  const { username, hostname: host, pid, timestamp } = content;
  return `${username} on ${host}, process ${pid}, since ${new Date(timestamp).toISOString()}`;
}

async function findLocks(directory: string): Promise<FoundLock[]> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).map((name) => join(directory, name));
  const locks = await Promise.all(files.map(readLock));
  return locks.filter((lock) => lock !== undefined);
}

/** Undefined if the lock was released in the meantime. */
async function readLock(file: string): Promise<FoundLock | undefined> {
  try {
    return { file, content: parseContent(await readFile(file, 'utf8')) };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : { file };
  }
}

function parseContent(text: string): LockContent {
  const content = JSON.parse(text) as LockContent;
  if (!Number.isInteger(content.pid) || Number.isNaN(Date.parse(content.timestamp))) throw new Error('not a lock');
  return content;
}

/** The CLI keeps attributes of its files beside them. */
async function removeLock({ file }: FoundLock): Promise<void> {
  await Promise.all([file, `${file}.attrs`].map((path) => rm(path, { force: true })));
}

/** Nobody may see the file half written; a temporary file beside it would count as a lock of its own. */
async function writeWhole(file: string, contents: string): Promise<void> {
  const directory = dirname(file);
  const temporary = join(dirname(directory), `.${randomUUID()}.tmp`);
  try {
    await makePrivateFolder(directory);
    await writeFile(temporary, contents, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UserError(`Cannot lock the stack with ${file}: ${messageOf(error)}`);
  }
}

const ownContent = (): LockContent => ({
  ...ownIdentity(),
  username: userInfo().username,
  timestamp: new Date().toISOString(),
});
