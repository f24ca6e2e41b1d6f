import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { UserError, messageOf } from '../../shared/errors';
import { readAddress } from '../providers/plugin/announced-address';
import { checkManifest } from '../providers/plugin/manifest';

export interface PackThreadOptions {
  /** As the user has named the pack. */
  name: string;
  /** Absolute. */
  folder: string;
  /** Whose package.json says the pack's version. */
  workingDirectory: string;
  /** Variables that it gets besides those of this process. */
  environment: NodeJS.ProcessEnv;
  /** Ends the wait for its start. */
  signal: AbortSignal;
  /** Gets every line that the pack writes, but for the port. */
  log: (line: string) => void;
}

/** Megabytes; a pack has little to remember: see node-options.ts. */
const YOUNG_GENERATION = 12;

/**
 * The code of a policy pack, in a thread of this process: a process of its own would take 50 MB more, and 0.1 s. It serves gRPC
 * on a port, as it does for the CLI, and can be ended whatever it does.
 */
export class PackThread {
  private constructor(
    private readonly worker: Worker,
    /** Rejects, with what the user has to know, when the pack ends by itself. */
    readonly ended: Promise<never>,
    readonly address: string,
  ) {}

  /** @throws UserError if it cannot be started, or prints anything but its port first */
  static async start(options: PackThreadOptions): Promise<PackThread> {
    const { name, folder, workingDirectory, environment, signal, log } = options;
    const title = titleOf(name);
    await checkManifest(title, path.join(folder, 'PulumiPolicy.yaml'), '--policy-pack names its folder');
    const worker = new Worker(path.join(__dirname, 'thread.cjs'), {
      workerData: { folder, workingDirectory },
      env: { ...process.env, ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    });
    const ended = endOf(worker, title);
    ended.catch(() => undefined);
    try {
      createInterface({ input: worker.stderr }).on('line', log);
      const announced = readAddress({ title, stdout: worker.stdout, log });
      const address = await Promise.race([announced, ended, interruption(signal)]);
      return new PackThread(worker, ended, address);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** As messages call a pack. */
export const titleOf = (name: string) => `policy pack "${name}"`;

async function endOf(worker: Worker, title: string): Promise<never> {
  const [code] = (await once(worker, 'exit').catch((error: unknown) => {
    throw new UserError(`${title} ended before its work was done: ${messageOf(error)}`);
  })) as [number];
  throw new UserError(`${title} ended before its work was done (exit code ${code})`);
}

/** Rejects when nobody waits for the start any more. */
function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Error('interrupted'));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
}
