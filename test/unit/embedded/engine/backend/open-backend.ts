import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalBackend } from '../../../../../embedded/engine/backend/local-backend';
import type { StackReference } from '../../../../../embedded/engine/backend/stack-reference';

/** An empty backend in a folder of its own, with a place for a stack's state file. */
export async function openBackend(reference: StackReference) {
  const root = await mkdtemp(join(tmpdir(), 'backend-'));
  const backend = await LocalBackend.open(`file://${root}`, '/');
  const file = backend.stackFile(reference);
  await mkdir(dirname(file), { recursive: true });
  return { root, backend, file };
}
