import { messageOf } from '../../shared/errors';
import type { Op, StepInfo } from '../display/events';
import type { PendingHandle, StateChange } from '../state/journal';
import type { PendingOperation, ResourceState } from '../state/resource-state';
import { type Run, RunEnding } from './run';

/** What a step came to. */
export interface Outcome {
  change: StateChange;
  /** The resource after the step. */
  resource?: ResourceState;
  /** What to show, where that is more than was known at the start. */
  info?: StepInfo;
  /** What to count the step as, where that is not its operation: a refresh counts as what it found. */
  counts?: Op | 'nothing';
  /** Why the step failed although it changed the world: the change is recorded all the same. */
  failure?: string;
}

/**
 * Performs one step: waits for a free slot, notes in the state that it begins, acts, records what came of it.
 * In previews nothing is noted or recorded.
 *
 * @param pending what an interruption would leave in the state; undefined where the step can't leave anything half done
 * @throws RunEnding when the step failed (the user has been told) or the run was ending before it began
 */
export async function perform(
  run: Run,
  info: StepInfo,
  pending: PendingOperation | undefined,
  action: (handle: PendingHandle | undefined) => Promise<Outcome>,
): Promise<Outcome> {
  const { preview, writer, emit } = run.options;
  return run.steps.run(async () => {
    run.refuseIfEnding();
    emit({ type: 'step-start', step: info });
    const handle = pending && !preview ? await writer.begin(pending) : undefined;
    const outcome = await action(handle).catch((error: unknown): Outcome => ({
      change: { kind: 'none' },
      failure: messageOf(error),
    }));
    if (handle) await writer.end(handle, outcome.change);
    const { failure, counts = info.op } = outcome;
    if (failure !== undefined) run.fail(failure, info.urn);
    else if (counts !== 'nothing') run.count(counts);
    emit({ type: 'step-done', step: outcome.info ?? info, ...(failure !== undefined && { failed: true }) });
    if (failure !== undefined) throw new RunEnding(failure);
    return outcome;
  });
}
