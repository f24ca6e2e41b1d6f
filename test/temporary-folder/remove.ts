import { rmSync } from 'node:fs';

/** Removes what make.ts has made. */
export default function removeTemporaryFolder(): void {
  const { TMPDIR } = process.env;
  if (TMPDIR !== undefined) rmSync(TMPDIR, { recursive: true, force: true, maxRetries: 5 });
}
