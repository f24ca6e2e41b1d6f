import type { SpawnOptions } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explainFileError } from '../shared/files/file-errors';
import { runAttached } from '../shared/processes/run-attached';
import { runOperation } from '../shared/processes/run-operation';

/** A preview that is told in words. */
export interface PreviewReport {
  checkout: string;
  stack: string;
  /** Where the report goes. */
  folder: string;
  /** `--base COMMIT`, and what the preview is handed. */
  rest: readonly string[];
}

/**
 * Runs a preview, and writes what it says as report.md and report.html; of one that failed, too. With a base also the decisions
 * of the stack's policies are compared with its.
 *
 * What it printed is kept where nobody else can read it: the report takes secrets out that the engines do not know of.
 *
 * @returns the preview's exit code; that of the comparison, or of the report, where only they failed
 */
export async function previewWithReport({ checkout, stack, folder, rest }: PreviewReport): Promise<number> {
  const output = path.resolve(folder);
  // Before the preview: it may be told to save its plan there.
  await mkdir(output, { recursive: true }).catch((error: unknown) => {
    throw explainFileError(error, output);
  });
  const base = rest[0] === '--base' ? rest.slice(0, 2) : [];
  const place = await mkdtemp(path.join(tmpdir(), 'aios-preview-'));
  try {
    const { code, text } = await preview(checkout, [stack, '--json', ...rest.slice(base.length)]);
    const plan = path.join(place, `${stack}.json`);
    await writeFile(plan, text, { mode: 0o600 });
    const compared =
      base.length === 0 ? 0 : await runOperation(checkout, 'policy-impact', stack, ...base, '--out', output);
    const report = ['--plan', `${stack}=${plan}`, '--output', output, '--keep-plans', ...base];
    const written = await runOperation(checkout, 'report', ...report);
    return code || compared || written;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** What the preview printed: its document, or why there is none. */
async function preview(checkout: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const [printed, said]: [Buffer[], Buffer[]] = [[], []];
  const command = ['--require', 'tsx/cjs', path.join(checkout, 'embedded/launcher/cli.ts'), 'preview', ...args];
  const options: SpawnOptions = { cwd: checkout, stdio: ['inherit', 'pipe', 'pipe'] };
  const code = await runAttached(process.execPath, command, options, ({ stdout, stderr }) => {
    stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    stderr?.on('data', (chunk: Buffer) => {
      said.push(chunk);
      process.stderr.write(chunk);
    });
  });
  const text = Buffer.concat(printed).toString();
  return { code, text: text.includes('{') ? text : Buffer.concat([...printed, ...said]).toString() };
}
