import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNetwork, type InProcessNetwork, type InProcessOptions } from '../../../../embedded/network';
import { useTokens } from './client';

/** Runs a test on a network of its own, whose simulated durations take no time. */
export async function withNetwork<T>(
  options: Partial<InProcessOptions>,
  test: (network: InProcessNetwork) => Promise<T>,
): Promise<T> {
  return withFolder(async (directory) => {
    const network = await startHere({ directory, ...options });
    try {
      return await test(network);
    } finally {
      await network.close();
    }
  });
}

/** A network in this folder, whose tokens the clients of this process know. */
export async function startHere(options: InProcessOptions): Promise<InProcessNetwork> {
  const network = await startNetwork({ inProcess: true, timeScale: 0, ...options });
  useTokens(network);
  return network;
}

export async function withFolder<T>(test: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'aios-network-'));
  try {
    return await test(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
