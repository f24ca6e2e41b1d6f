import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OnProgress } from '../shared/cli/progress';
import { UserError } from '../shared/errors';
import { makePrivateFolder } from '../shared/files/private-file';
import { withLock } from '../shared/processes/process-lock';
import { type Checkout, copyCommit, copyWorkingTree } from './checkouts';
import { type Ended, Rehearsal } from './rehearsal';

export interface ReviewOptions {
  readonly checkout: string;
  /** Anything that git resolves to a commit. */
  readonly base: string;
  /** Default: every stack that has a file here. */
  readonly stacks: readonly string[];
  /** Where the plans are written: STACK.json, as `pulumi preview --json` prints it, without the configuration. */
  readonly output: string;
  readonly onProgress: OnProgress;
}

/** What became of one stack. */
export interface Reviewed {
  readonly stack: string;
  /** The plan, where there is one: of a preview that failed, too. */
  readonly plan?: string;
  /** Why the preview says less than it should, or nothing. */
  readonly problem?: string;
}

/**
 * Previews what this checkout would change of every stack as a commit has it: that one is brought up on an empty embedded
 * cluster, so that neither credentials nor a cluster are needed, and what the API server refuses is seen.
 * @throws UserError for a commit or a stack that there is not
 */
export async function review({ checkout, base, stacks, output, onProgress }: ReviewOptions): Promise<Reviewed[]> {
  const directory = path.join(checkout, '.aios', 'review');
  await makePrivateFolder(path.dirname(directory));
  await mkdir(output, { recursive: true });
  const onWait = (holder: string) => onProgress({ kind: 'step', text: `Waiting for another review (${holder}).` });
  return withLock(`${directory}.lock`, onWait, async () => {
    const rehearsal = path.join(directory, 'rehearsal');
    await Rehearsal.removeRemains(rehearsal);
    await rm(directory, { recursive: true, force: true });
    await makePrivateFolder(directory);
    try {
      const before = await copyCommit(
        { checkout, reference: base, directory: path.join(directory, 'base') },
        onProgress,
      );
      const after = await copyWorkingTree(checkout, path.join(directory, 'head'));
      const results: Reviewed[] = [];
      for (const stack of chooseStacks(stacks, after)) {
        results.push(await reviewStack({ stack, before, after, rehearsal, output, onProgress }));
      }
      return results;
    } finally {
      await Rehearsal.removeRemains(rehearsal);
      await rm(directory, { recursive: true, force: true });
    }
  });
}

function chooseStacks(wanted: readonly string[], { stacks }: Checkout): readonly string[] {
  const unknown = wanted.find((stack) => !stacks.includes(stack));
  if (unknown === undefined) return wanted.length > 0 ? wanted : stacks;
  throw new UserError(`STACK: there is no stacks/Pulumi.${unknown}.yaml; there are ${stacks.join(', ')}`);
}

interface StackReview {
  readonly stack: string;
  readonly before: Checkout;
  readonly after: Checkout;
  readonly rehearsal: string;
  readonly output: string;
  readonly onProgress: OnProgress;
}

async function reviewStack({ stack, before, after, output, onProgress, ...places }: StackReview): Promise<Reviewed> {
  const isNew = !before.stacks.includes(stack);
  const step = (text: string) => onProgress({ kind: 'step', text: `${stack}: ${text}` });
  const rehearsal = await Rehearsal.start(places.rehearsal);
  try {
    step(isNew ? 'is new' : 'bringing it up as it is');
    const up = isNew ? undefined : await rehearsal.up(before, stack);
    step('previewing the change');
    const preview = await rehearsal.preview(after, stack);
    const plan = path.join(output, `${stack}.json`);
    if (isJson(preview.stdout)) await writeFile(plan, withoutConfig(preview.stdout));
    const problem = problemOf(up, preview);
    return { stack, ...(isJson(preview.stdout) && { plan }), ...(problem !== undefined && { problem }) };
  } finally {
    await rehearsal.end();
  }
}

function problemOf(up: Ended | undefined, preview: Ended): string | undefined {
  if (up !== undefined && up.code !== 0) {
    return `As it is it cannot be brought up here, so the preview shows more than the change does.\n${lastWords(up)}`;
  }
  return preview.code === 0 ? undefined : `The preview failed.\n${lastWords(preview)}`;
}

/** Of a run without a terminal the diagnostics and the summary come last; a preview has them in its plan. */
function lastWords({ stdout, stderr }: Ended): string {
  if (isJson(stdout)) return errorsOf(stdout).join('\n');
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const diagnostics = lines.indexOf('Diagnostics:');
  return (diagnostics < 0 ? lines.slice(-20) : lines.slice(diagnostics)).join('\n');
}

function errorsOf(plan: string): string[] {
  const { diagnostics = [] } = JSON.parse(plan) as { diagnostics?: { severity: string; message: string }[] };
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** The configuration is that of the rehearsal: whoever reads the plan has to take it from the stack's file. */
function withoutConfig(plan: string): string {
  const kept = Object.entries(JSON.parse(plan) as object).filter(([key]) => key !== 'config');
  return JSON.stringify(Object.fromEntries(kept));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
