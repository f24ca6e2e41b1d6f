import { deleteAll, leftovers } from '../deployment/delete';
import { RunEnding } from '../deployment/run';
import { startProgram } from '../language/program';
import type { OperationEnd, OperationOptions } from './operation';
import { type Session, inSession } from './session';
import { type Stack, programOutputs } from './stack';

/** Runs the program and makes the world agree with it; in a preview, shows what that would take. */
export function update(stack: Stack, options: OperationOptions): Promise<OperationEnd> {
  return inSession(stack, options.preview ? 'preview' : 'update', options, async (session) => {
    await runProgram(session);
    const deployment = await session.deployment;
    const { run, providers, policies, olds, news, replaced } = deployment;
    // Before anything is deleted.
    await policies.analyzeStack(news);
    await deleteAll(run, providers, leftovers(deployment), replaced);
    session.emit({ type: 'outputs', old: programOutputs(olds.values()), new: programOutputs(news.values()) });
  });
}

async function runProgram({ stack, options, emit, address, deployment: loading }: Session): Promise<void> {
  const { parallel, preview } = options;
  const program = startProgram({
    project: stack.project,
    stack: stack.name,
    config: await stack.programConfig(),
    address,
    preview,
    parallel,
    print: (message) => emit({ type: 'diagnostic', severity: 'info', message }),
  });
  try {
    const { run, providers } = await loading;
    // The plugins start beside the program, which takes as long until it needs them.
    for (const { name } of stack.project.plugins.providers) providers.warmUp(name);
    const end = await Promise.race([program.ended, run.ended]);
    // Where a resource failed, the program has nothing to say but that its calls were refused.
    if (!end) program.kill();
    // What is under way is finished, whatever became of the program.
    await run.idle();
    if (end && !end.ok) run.fail(end.message);
    if (run.ending) throw new RunEnding('the program did not run to its end');
  } finally {
    program.kill();
  }
}
