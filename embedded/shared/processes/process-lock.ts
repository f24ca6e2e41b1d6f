import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../errors';
import { createPrivate, readIfPresent } from '../files/private-file';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity';

const POLL_INTERVAL = 100;

/**
 * Runs `work` while holding the lock `file`, so that no two processes (or calls) do it at once. Waits for a living
 * holder; the lock of a dead one is taken over.
 * @param onWait called once if the lock is held, with words for the holder
 */
export async function withLock<T>(file: string, onWait: OnWait, work: () => Promise<T>): Promise<T> {
  await lock(file, onWait);
  return work().finally(() => rm(file, { force: true }));
}

/**
 * As {@link withLock}, but works without the lock where the disk is too full for it: whoever makes room must not be kept
 * from it, and nobody starts anything there meanwhile.
 */
export async function withLockIfRoom<T>(file: string, onWait: OnWait, work: () => Promise<T>): Promise<T> {
  try {
    await lock(file, onWait);
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') throw error;
    return work();
  }
  return work().finally(() => rm(file, { force: true }));
}

type OnWait = (holder: string) => void;

async function lock(file: string, onWait: OnWait): Promise<void> {
  let isWaiting = false;
  while (!(await tryLock(file))) {
    if (!isWaiting) onWait(describe(await readHolder(file), file));
    isWaiting = true;
    await delay(POLL_INTERVAL);
  }
}

interface Holder extends ProcessIdentity {
  /** Tells this lock from a later one of the same process. */
  readonly id: string;
}

/** @returns false if somebody else holds the lock */
async function tryLock(file: string): Promise<boolean> {
  if (await create(file)) return true;
  const holder = await readHolder(file);
  if (holder && livenessOf(holder) !== 'ended') return false;
  // Of all who see the dead holder only one may remove its lock, or a second would remove the first's new one. That
  // one is chosen by a lock, whose own dead holder is dealt with in the same way.
  const takeover = `${file}.takeover`;
  if (!(await tryLock(takeover))) return false;
  try {
    const current = await readHolder(file);
    if (current?.id === holder?.id) await rm(file, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
  return create(file);
}

/** There is no moment at which the lock exists without its holder's name. */
function create(file: string): Promise<boolean> {
  const holder: Holder = { ...ownIdentity(), id: randomUUID() };
  return createPrivate(file, `${JSON.stringify(holder)}\n`);
}

/** @returns undefined if nobody holds it, or it was emptied by a power cut, which its holder did not outlive either */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse((await readIfPresent(file)) ?? '') as Partial<Holder> | null;
    return Number.isInteger(holder?.pid) && holder?.hostname !== undefined ? (holder as Holder) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function describe(holder: Holder | undefined, file: string): string {
  if (!holder) return 'it ended just now';
  if (livenessOf(holder) === 'running') return `process ${holder.pid}`;
  return `process ${holder.pid} on ${holder.hostname}, which cannot be seen from here; if it has ended, delete ${file}`;
}
