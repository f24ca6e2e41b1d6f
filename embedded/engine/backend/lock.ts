import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../../shared/errors';
import { hasEnded, pidNamespace } from './process-identity';

/** What a lock file says about its owner; the CLI writes and reads the first four. */
interface LockContent {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
  /** Within which `pid` means something. */
  pidNamespace?: string;
}

interface FoundLock {
  file: string;
  /** Undefined where the file cannot be understood. */
  content?: LockContent;
}

/** The exclusive right to change a stack, held by this process and seen by the CLI as well. */
export class StackLock {
  private constructor(private readonly file: string) {}

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
    const lock = new StackLock(file);
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

  async release(): Promise<void> {
    process.off('exit', this.removeNow);
    await rm(this.file, { force: true });
  }

  private readonly removeNow = () => rmSync(this.file, { force: true });
}

/** Removes all locks of a stack, whoever has them: for `cancel`. Returns descriptions of what was removed. */
export async function removeLocks(directory: string): Promise<string[]> {
  const locks = await findLocks(directory);
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
  const stale = others.filter(isStale);
  for (const lock of stale) {
    await removeLock(lock);
    note(`Took over stack ${stack} from a run that was killed (${describe(lock)}).`);
  }
  const held = others.filter((lock) => !stale.includes(lock));
  if (held.length === 0) return;
  throw new UserError(
    `Stack ${stack} is locked by another run:\n${held.map((lock) => `  ${describe(lock)}, ${lock.file}`).join('\n')}\n` +
      'Wait until it has ended. If you are sure that it no longer runs, remove the lock with the command "cancel" ' +
      '(or `pulumi cancel`) and try again.',
  );
}

function isStale({ content }: FoundLock): boolean {
  if (content?.hostname !== hostname()) return false;
  if (content.pidNamespace !== undefined && content.pidNamespace !== pidNamespace()) return false;
  return hasEnded(content.pid, new Date(content.timestamp));
}

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
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { file };
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
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(temporary, contents, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UserError(`Cannot lock the stack with ${file}: ${(error as Error).message}`);
  }
}

function ownContent(): LockContent {
  const namespace = pidNamespace();
  return {
    pid: process.pid,
    username: userInfo().username,
    hostname: hostname(),
    timestamp: new Date().toISOString(),
    ...(namespace !== undefined && { pidNamespace: namespace }),
  };
}
