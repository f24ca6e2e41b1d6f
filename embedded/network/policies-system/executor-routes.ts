import type { Bugs } from '../behaviour';
import type { Answer } from '../http/answer';
import { json } from '../http/answer';
import type { Call, Route } from '../http/route';
import type { RunPolicy } from '../rules/run-policy';
import type { Collection } from '../store/collection';
import { isObject, matches } from '../store/filter';
import { failure, guarded, success } from './answers';
import { toExecutor, toNewExecutor } from './policy-document';

const key = 'executor_id';

/** @param runPolicy what an executor would do */
export function executorRoutes(executors: Collection, bugs: Bugs, runPolicy: RunPolicy): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/executor',
      handle: guarded((call) => {
        const executor = toNewExecutor(call.json(), bugs);
        if (!bugs.duplicateExecutors && executors.findFirst(key, executor[key]))
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
        const executor = executors.findFirst(key, parameters.id);
        return executor ? success(executor) : failure('Executor not found.');
      },
    },
    {
      method: 'PUT',
      pattern: '/executor/<id>',
      handle: guarded((call) => {
        const isDone = executors.replaceFirst(key, call.parameters.id, toExecutor(call.json(), bugs));
        return isDone ? success('Executor updated successfully.') : failure('Failed to update executor.');
      }),
    },
    {
      method: 'DELETE',
      pattern: '/executor/<id>',
      handle: ({ parameters }) =>
        executors.deleteFirst(key, parameters.id)
          ? success('Executor deleted successfully.')
          : failure('Failed to delete executor.'),
    },
    {
      method: 'POST',
      pattern: '/executor/<id>/execute_policy',
      handle: (call) => executePolicy(executors, runPolicy, call),
    },
    {
      method: 'POST',
      pattern: '/executor/<id>/create-infra',
      handle: guarded((call) => infrastructure(executors, call, ['cluster_config', 'max_processes'], 'created')),
    },
    {
      method: 'DELETE',
      pattern: '/executor/<id>/remove-infra',
      handle: guarded((call) => infrastructure(executors, call, ['cluster_config'], 'removed')),
    },
  ];
}

async function executePolicy(executors: Collection, runPolicy: RunPolicy, call: Call): Promise<Answer> {
  if (!executors.findFirst(key, call.parameters.id))
    return json({ success: false, message: 'Executor not found' }, 404);
  try {
    const body = call.json();
    const { policy_rule_uri: uri, input_data: input, parameters } = isObject(body) ? body : {};
    if (typeof uri !== 'string' || uri === '' || !input) {
      return json({ success: false, message: 'policy_rule_uri and input_data are required' }, 400);
    }
    return success(await runPolicy({ uri, input, parameters: isObject(parameters) ? parameters : undefined }));
  } catch (error) {
    return json({ success: false, message: (error as Error).message }, 500);
  }
}

/** Checks the request only: there is no cluster to do it on, and the kubeconfig, a secret, is not kept. */
function infrastructure(
  executors: Collection,
  call: Call,
  required: readonly string[],
  done: 'created' | 'removed',
): Answer {
  const body = call.json();
  const missing = required.find((name) => !isObject(body) || body[name] === undefined);
  if (missing !== undefined) return failure(`'${missing}'`);
  if (!executors.findFirst(key, call.parameters.id)) return failure('Executor not found.');
  return success(`Executor infrastructure ${done} successfully.`);
}
