import path from 'node:path';
import { createDisplay, type Display } from '../display';
import { isTerminal } from '../../shared/cli/colors';
import { EXIT } from '../exit-codes';
import type { OperationEnd, OperationOptions } from '../operations/operation';
import type { Stack } from '../operations/stack';
import { confirmed, requireTerminal } from './confirm';
import { interruptSignal } from './interrupt';
import type { CliOptions } from './options';

type Operation = (stack: Stack, options: OperationOptions) => Promise<OperationEnd>;

/** Does an operation, shows it, and answers with the exit code. */
export async function operate(
  operation: Operation,
  stack: Stack,
  options: CliOptions,
  preview: boolean,
): Promise<number> {
  const { stdout } = process;
  const display = withoutOutputs(
    options.suppressOutputs,
    createDisplay({
      stream: stdout,
      json: options.json,
      diff: options.diff,
      isTTY: isTerminal(stdout),
      color: wantsColor(options),
      preview,
    }),
  );
  const interrupt = interruptSignal((message) => display.handle({ type: 'diagnostic', severity: 'warning', message }));
  try {
    const { parallel, refresh, cwd } = options;
    const policyPacks = options.policyPacks.map((name) => ({ name, folder: path.resolve(cwd, name) }));
    const { signal } = interrupt;
    const common = { parallel, signal, display, preview, policyPacks };
    const end = await operation(stack, { ...common, ...(refresh && { refreshFirst: true }) });
    return exitCode(end, options, preview ? 'preview' : operation.name);
  } finally {
    interrupt.stop();
    display.close();
  }
}

function withoutOutputs(suppress: boolean, display: Display): Display {
  if (!suppress) return display;
  return {
    handle: (event) => {
      if (event.type !== 'outputs') display.handle(event);
    },
    close: () => display.close(),
  };
}

/**
 * Previews, asks and applies; with `--yes`, applies. Programs are shown the preview as well, as the CLI does; and with policy packs
 * there is always one, for what they say of the stack as a whole is known when the program has ended.
 */
export async function previewThenApply(
  operation: Operation,
  stack: Stack,
  options: CliOptions,
  question: string,
): Promise<number> {
  if (options.previewOnly) return operate(operation, stack, options, true);
  const asks = !options.yes && !options.skipPreview;
  if (asks) requireTerminal();
  const needsPreview = options.json || options.policyPacks.length > 0;
  if (asks || (needsPreview && !options.skipPreview)) {
    const code = await operate(operation, stack, { ...options, expectNoChanges: false }, true);
    if (code !== EXIT.ok) return code;
  }
  if (asks && !(await confirmed(question))) return EXIT.error;
  return operate(operation, stack, options, false);
}

function wantsColor({ color }: CliOptions): boolean {
  if (color !== 'auto') return color === 'always';
  return isTerminal(process.stdout) && !process.env.NO_COLOR;
}

/** @param name the operation, as the CLI's messages name it */
function exitCode({ result, changes }: OperationEnd, { expectNoChanges }: CliOptions, name: string): number {
  if (result !== 'succeeded') return EXIT.error;
  const changed = Object.entries(changes).some(([op, count]) => op !== 'same' && count > 0);
  if (!expectNoChanges || !changed) return EXIT.ok;
  process.stderr.write(`error: no changes were expected for ${name} but changes were proposed\n`);
  return EXIT.changesFound;
}
