import { deleteAll } from '../deployment/delete';
import { Deployment } from '../deployment/deployment';
import { RunEnding } from '../deployment/run';
import { STACK_TYPE } from '../deployment/urn';
import { startProgram } from '../language/program';
import { ResourceState } from '../state/resource-state';
import { PropertyMap } from '../values/value';
import { OperationEnd, OperationOptions, Session, inSession } from './session';
import { Stack } from './stack';

/** Runs the program and makes the world agree with it; in a preview, shows what that would take. */
export function update(stack: Stack, options: OperationOptions): Promise<OperationEnd> {
  return inSession(stack, options.preview ? 'preview' : 'update', options, async (session) => {
    await runProgram(session);
    const deployment = await session.deployment;
    await deleteLeftovers(deployment);
    const { olds, news } = deployment;
    session.emit({ type: 'outputs', old: stackOutputs(olds.values()), new: stackOutputs(news.values()) });
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
    const { run } = await loading;
    const end = await Promise.race([program.ended, run.ended]);
    // Steps that are running are finished, whatever became of the program.
    await run.steps.idle();
    if (end && !end.ok) run.fail(end.message);
    if (run.ending) throw new RunEnding('the program did not run to its end');
  } finally {
    program.kill();
  }
}

/** Deletes what the program no longer has, and the old halves of replacements. */
async function deleteLeftovers(deployment: Deployment): Promise<void> {
  const { run, base, continued, deletedFirst, replaced, providers } = deployment;
  const gone = base.resources.filter((resource) => !continued.has(resource) && !deletedFirst.has(resource.urn));
  const protectedOnes = gone.filter((resource) => resource.protect && !resource.delete);
  for (const { urn } of protectedOnes) run.fail(PROTECTED, urn);
  run.refuseIfEnding();
  await deleteAll(run, providers, [...gone, ...replaced]);
}

/** Why a resource is not deleted. */
export const PROTECTED =
  'This resource is protected and cannot be deleted. Unprotect it first: set protect to false where the program or the ' +
  "stack's configuration sets it, run \"up\", and try again.";

function stackOutputs(resources: Iterable<ResourceState>): PropertyMap {
  return [...resources].find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}

