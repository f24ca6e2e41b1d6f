import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface CodeRun {
  /** Content of a .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz with a top-level folder `code`. */
  readonly archive: Buffer;
  readonly settings: unknown;
  readonly parameters: unknown;
  readonly input: unknown;
  /** Whether function.py can import modules beside it. */
  readonly siblingModules: boolean;
  /** A rule that has not answered by then is killed, in milliseconds. Default: 10 s. */
  readonly timeLimit?: number;
}

const runner = path.join(__dirname, 'runner.py');

/**
 * Evaluates a policy's code in a Python process of its own. Requirements are not installed.
 * @returns what `eval` returned
 * @throws Error with the text of the exception that it raised, or what else went wrong
 */
export async function runCode({ archive, timeLimit = 10_000, ...request }: CodeRun): Promise<unknown> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-rule-'));
  try {
    await writeFile(path.join(folder, 'archive'), archive, { mode: 0o600 });
    return parseOutcome(await runPython(folder, JSON.stringify(request), timeLimit));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns what the runner wrote to its outcome channel */
function runPython(folder: string, input: string, timeLimit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // Isolated (-I): nothing of the user's environment or packages. What the rule prints is dropped.
    const child = spawn('python3', ['-I', runner, folder], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    const [stdin, , , channel] = child.stdio;
    let outcome = '';
    let isTooSlow = false;
    const timer = setTimeout(() => {
      isTooSlow = true;
      child.kill('SIGKILL');
    }, timeLimit);
    channel?.on('data', (data: Buffer) => (outcome += data.toString('utf8')));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`python3 cannot be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (isTooSlow) reject(new Error(`the rule did not answer in ${timeLimit / 1000} s`));
      else if (outcome === '')
        reject(new Error(`the rule ended without an answer (${signal ?? `code ${code ?? '?'}`})`));
      else resolve(outcome);
    });
    // A process that ends before it has read everything is reported by 'close'.
    stdin?.on('error', () => undefined);
    stdin?.end(input);
  });
}

function parseOutcome(text: string): unknown {
  const outcome = JSON.parse(text) as { result: unknown } | { error: string };
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome.result;
}
