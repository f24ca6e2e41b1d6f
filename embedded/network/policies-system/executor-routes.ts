import { isTruthy, type LoadPolicy, requireDict } from '../../../policies/pre-checks';
import type { Bugs } from '../behaviour';
import type { Answer } from '../http/answer';
import { json } from '../http/answer';
import type { Call, Route } from '../http/route';
import type { Collection } from '../store/collection';
import { matches } from '../store/filter';
import { failure, guarded, success } from './answers';
import { toExecutor, toNewExecutor } from './policy-document';

const KEY = 'executor_id';

/** @param load how an executor runs policies */
export function executorRoutes(executors: Collection, bugs: Bugs, load: LoadPolicy): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/executor',
      handle: guarded((call) => {
        const executor = toNewExecutor(call.json(), bugs);
        if (!bugs.duplicateExecutors && executors.findFirst(KEY, executor[KEY]))
          return failure('Failed to create executor.');
        executors.insert(executor);
        return success('Executor created successfully.');
      }),
    },
    {
      method: 'POST',
      pattern: '/executor/query',
      handle: guarded((call) => {
        const filter = call.json();
        return success(executors.all().filter((executor) => matches(executor, filter)));
      }),
    },
    {
      method: 'GET',
      pattern: '/executor/<id>',
      handle: ({ parameters }) => {
        const executor = executors.findFirst(KEY, parameters.id);
        return executor ? success(executor) : failure('Executor not found.');
      },
    },
    {
      method: 'PUT',
      pattern: '/executor/<id>',
      handle: guarded((call) => {
        const isDone = executors.replaceFirst(KEY, call.parameters.id, toExecutor(call.json(), bugs));
        return isDone ? success('Executor updated successfully.') : failure('Failed to update executor.');
      }),
    },
    {
      method: 'DELETE',
      pattern: '/executor/<id>',
      handle: ({ parameters }) =>
        executors.deleteFirst(KEY, parameters.id)
          ? success('Executor deleted successfully.')
          : failure('Failed to delete executor.'),
    },
    {
      method: 'POST',
      pattern: '/executor/<id>/execute_policy',
      handle: (call) => executePolicy(executors, load, call),
    },
  ];
}

/**
 * The policies system asks the executor, whose answer comes in an HTTP 200 even where the policy has failed: the failure is
 * then what stands in the place of a result.
 */
async function executePolicy(executors: Collection, load: LoadPolicy, call: Call): Promise<Answer> {
  if (!executors.findFirst(KEY, call.parameters.id))
    return json({ success: false, message: 'Executor not found' }, 404);
  try {
    const { policy_rule_uri: uri, input_data: input, parameters } = requireDict(call.json(), 'get');
    if (!isTruthy(uri) || !isTruthy(input)) {
      return json({ success: false, message: 'policy_rule_uri and input_data are required' }, 400);
    }
    return success(await outcome(load, String(uri), parameters, input));
  } catch (error) {
    return json({ success: false, message: (error as Error).message }, 500);
  }
}

async function outcome(load: LoadPolicy, uri: string, parameters: unknown, input: unknown): Promise<unknown> {
  try {
    const evaluate = await load(uri, parameters);
    return await evaluate(input);
  } catch (error) {
    return { success: false, message: (error as Error).message };
  }
}
