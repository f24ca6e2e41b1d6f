import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { processStartTime } from './process-table';

const pollInterval = 100;

/**
 * Runs `work` while holding the lock `file`, so that no two processes (or calls) do it at once. Waits for a living
 * holder; the lock of a dead one is taken over.
 * @param onWait called once if the lock is held, with the holder's process id
 */
export async function withLock<T>(file: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T> {
  let isWaiting = false;
  while (!(await tryLock(file))) {
    if (!isWaiting) onWait((await readHolder(file))?.pid ?? 0);
    isWaiting = true;
    await delay(pollInterval);
  }
  try {
    return await work();
  } finally {
    await remove(file);
  }
}

/** @returns false if somebody else holds the lock */
async function tryLock(file: string): Promise<boolean> {
  if (await create(file)) return true;
  const holder = await readHolder(file);
  if (holder && processStartTime(holder.pid) === holder.startTime) return false;
  // Of all who see the dead holder only one may remove its lock, or a second would remove the first's new one. That
  // one is chosen by a lock, whose own dead holder is dealt with in the same way.
  const takeover = `${file}.takeover`;
  if (!(await tryLock(takeover))) return false;
  try {
    const current = await readHolder(file);
    if (current?.id === holder?.id) await remove(file);
  } finally {
    await remove(takeover);
  }
  return create(file);
}

interface Holder {
  readonly pid: number;
  /** Tells the holder from a later process with the same id. */
  readonly startTime: string;
  readonly id: string;
}

/** Links a complete file into place: there is no moment at which the lock exists without its holder's name. */
async function create(file: string): Promise<boolean> {
  const id = randomUUID();
  const draft = `${file}.${id}`;
  await writeFile(draft, `${process.pid} ${processStartTime(process.pid) ?? ''} ${id}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await remove(draft);
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const [pid, startTime, id] = (await readFile(file, 'utf8')).trim().split(' ');
    return { pid: Number(pid), startTime: startTime ?? '', id: id ?? '' };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
