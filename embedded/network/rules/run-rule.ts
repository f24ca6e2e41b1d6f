import { callRule, findPython, RuleFailure } from '../../../policies/runner';
import { findIsolation, sandboxed } from './isolation';

export interface RuleRun {
  /** Content of a .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz with a top-level folder `code`. */
  readonly archive: Buffer;
  readonly settings: unknown;
  readonly parameters: unknown;
  readonly input: unknown;
  /** Whether function.py can import modules beside it. */
  readonly siblingModules: boolean;
  /** In milliseconds. Default: 10 s. Upstream has none. */
  readonly timeLimit?: number;
}

const MIB = 1024 ** 2;

const limits = { timeLimit: 10_000, memoryLimit: 512 * MIB, answerLimit: MIB, fileLimit: 32 * MIB };

/**
 * Evaluates a policy's code in a sandbox of its own: whoever may bind a rule must not thereby become this machine's user.
 * @returns what `eval` returned
 * @throws Error with the text of the exception that it raised, or what else went wrong
 */
export async function runRule({ archive, siblingModules, timeLimit, ...call }: RuleRun): Promise<unknown> {
  const python = findPython();
  const { level } = await findIsolation(python);
  const options = { ...limits, python, siblingModules, ...(timeLimit !== undefined && { timeLimit }) };
  try {
    return await callRule(archive, call, { ...options, sandbox: sandboxed(level, python) });
  } catch (error) {
    if (!(error instanceof RuleFailure) || error.kind === 'raised' || error.trace === undefined) throw error;
    throw new Error(`${error.message}: ${error.trace.split('\n').at(-1) ?? ''}`, { cause: error });
  }
}
