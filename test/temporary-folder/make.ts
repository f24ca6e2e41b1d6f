import { chmodSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Gives a run of jest a folder of its own for all that is temporary, its workers and what they start included: what tests
 * leave behind goes with it.
 */
export default function makeTemporaryFolder(): void {
  const outside = tmpdir();
  const folder = mkdtempSync(path.join(outside, 'aios-t-'));
  // Some tests are attacks by another user, who has to get as far as there.
  chmodSync(folder, 0o711);
  // What tsx has compiled stays: the programs that tests start would take seconds more.
  const compiled = `tsx-${process.getuid?.() ?? ''}`;
  mkdirSync(path.join(outside, compiled), { recursive: true });
  symlinkSync(path.join(outside, compiled), path.join(folder, compiled));
  process.env.TMPDIR = folder;
}
