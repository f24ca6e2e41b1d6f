import { type CheckFailure, Fields } from '../check/fields';
import { ResponseError, PartialFailure, UserError } from '../errors';
import { isMadeBy, withOrigin, withoutOrigin } from '../origin';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import {
  type JsonObject,
  type Properties,
  Secret,
  type Value,
  containsSecret,
  equal,
  isJsonObject,
  isProperties,
  open,
  reveal,
  without,
} from '../wire/value';
import { checkExecutor } from './check';
import {
  createInfrastructure,
  infrastructureIn,
  needsAnother,
  removeInfrastructure,
  removeRemains,
} from './infrastructure';

/** Where the policies system reaches an executor, whatever it is told otherwise. */
const EXECUTOR_PORT = 30900;

/** A registered policy executor: `aios:governance:PolicyExecutor`. Its id is the executor's. */
export class PolicyExecutor implements ResourceHandler {
  readonly identity = ['executorId'];

  check(news: Properties): Checked {
    const inputs = withSecretKubeconfig({ metadata: {}, hardware: {}, ...news });
    const failures: CheckFailure[] = [];
    checkExecutor(new Fields(inputs, failures));
    return { inputs, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    return difference(old.inputs, news);
  }

  planned(inputs: Properties): Properties {
    return outputsOf(inputs, inputs.infrastructure !== undefined);
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const { executors } = call.services;
    const id = reveal(inputs.executorId ?? '') as string;
    const [registered] = await executors.find(call, id);
    // A run that was killed has begun it, with what was wanted then.
    const isOurs = registered !== undefined && isMadeBy(call.urn, registered.executor_metadata);
    if (!registered) await executors.insert(call, registration(inputs, call.urn));
    else if (!isAs(registered, inputs)) {
      if (!isOurs)
        throw new UserError(
          `executorId: "${id}" is registered already, with other data: import it, or choose another id`,
        );
      await executors.replace(call, id, replacement(registered, inputs, call.urn));
    }
    let hasInfrastructure = false;
    try {
      await this.verify(call, id, inputs);
      const wanted = infrastructureIn(inputs.infrastructure);
      // What such a run has left on the cluster would be in the way.
      if (wanted && isOurs) await removeRemains(call, id, wanted);
      if (wanted) await createInfrastructure(call, id, wanted);
      hasInfrastructure = wanted !== undefined;
      return { id, outputs: outputsOf(inputs, hasInfrastructure) };
    } catch (error) {
      throw new PartialFailure(id, outputsOf(inputs, hasInfrastructure), error);
    }
  }

  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    const { executors } = call.services;
    const known = state?.inputs ?? { executorId: id };
    const entries = await executors.find(call, id);
    const [registered] = entries;
    if (!registered) {
      if (await executors.isGone(call, id)) return undefined;
      throw executors.service.outageOf(`finds executor ${id} at one time and not at another`);
    }
    if (entries.length > 1)
      call.warn(`executor ${id} is registered ${entries.length} times: remove all but one by hand`);
    const found = inputsOf(registered, known);
    return { id, inputs: found, outputs: outputsOf(found, open(state?.outputs.hasInfrastructure) === true) };
  }

  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    const { executors } = call.services;
    const [registered] = await executors.find(call, old.id);
    if (!registered) await executors.insert(call, registration(inputs, call.urn));
    else if (!isAs(registered, inputs))
      await executors.replace(call, old.id, replacement(registered, inputs, call.urn));
    await this.verify(call, old.id, inputs);
    await this.updateInfrastructure(call, old, inputs);
    return outputsOf(inputs, inputs.infrastructure !== undefined);
  }

  async delete(call: Call, { id, inputs, outputs }: Existing): Promise<void> {
    const existing = infrastructureIn(inputs.infrastructure);
    if (existing && open(outputs.hasInfrastructure) === true) await removeInfrastructure(call, id, existing);
    // A creation that failed half-way leaves what it had made.
    else if (existing) await removeRemains(call, id, existing);
    await call.services.executors.remove(call, id);
  }

  private async updateInfrastructure(call: Call, old: Existing, inputs: Properties): Promise<void> {
    const existing = infrastructureIn(old.inputs.infrastructure);
    const wanted = infrastructureIn(inputs.infrastructure);
    const isThere = open(old.outputs.hasInfrastructure) === true;
    if (existing && wanted && isThere && !needsAnother(existing, wanted)) return;
    // Also what a creation that failed half-way has left, which would be in the way.
    if (existing) await removeInfrastructure(call, old.id, existing);
    try {
      if (wanted) await createInfrastructure(call, old.id, wanted);
    } catch (error) {
      throw new PartialFailure(old.id, outputsOf(inputs, false), error);
    }
  }

  private async verify(call: Call, id: string, inputs: Properties): Promise<void> {
    const [registered] = await call.services.executors.find(call, id);
    if (registered && isAs(registered, inputs)) return;
    const message = `executor ${id} was registered and does not read as registered`;
    throw new ResponseError(message, 200, message);
  }
}

/** A kubeconfig is a secret whether or not the program says so. */
function withSecretKubeconfig(inputs: Properties): Properties {
  const { infrastructure } = inputs;
  if (!isProperties(infrastructure)) return inputs;
  const { kubeconfig } = infrastructure;
  if (kubeconfig === undefined || kubeconfig instanceof Secret) return inputs;
  return { ...inputs, infrastructure: { ...infrastructure, kubeconfig: new Secret(kubeconfig) } };
}

function hostUri({ clusterPublicIp = '' }: Properties): string {
  return `http://${reveal(clusterPublicIp) as string}:${EXECUTOR_PORT}`;
}

function registration(inputs: Properties, urn: string): JsonObject {
  const metadata = reveal(inputs.metadata ?? {});
  return {
    executor_id: reveal(inputs.executorId ?? null),
    executor_metadata: isJsonObject(metadata) ? withOrigin(metadata, urn) : metadata,
    executor_hardware_info: reveal(inputs.hardware ?? {}),
    cluster_public_ip: reveal(inputs.clusterPublicIp ?? null),
  };
}

/** PUT replaces all of it, and wants the address that POST derives. */
function replacement({ executor_status: status = 'healthy' }: JsonObject, inputs: Properties, urn: string): JsonObject {
  return { ...registration(inputs, urn), executor_host_uri: hostUri(inputs), executor_status: status };
}

function isAs(registered: JsonObject, inputs: Properties): boolean {
  return (
    equal(withoutOrigin(registered.executor_metadata), reveal(inputs.metadata ?? {})) &&
    equal(registered.executor_hardware_info, reveal(inputs.hardware ?? {})) &&
    registered.executor_host_uri === hostUri(inputs)
  );
}

function inputsOf(registered: JsonObject, known: Properties): Properties {
  const uri = typeof registered.executor_host_uri === 'string' ? registered.executor_host_uri : '';
  const [, address = uri] = new RegExp(`^http://(.*):${EXECUTOR_PORT}$`).exec(uri) ?? [];
  const inWordsOf = (input: Value | undefined, found: Value): Value => {
    if (input !== undefined && equal(input, found)) return input;
    return input !== undefined && containsSecret(input) ? new Secret(found) : found;
  };
  return {
    ...known,
    clusterPublicIp: inWordsOf(known.clusterPublicIp, address),
    metadata: inWordsOf(known.metadata, withoutOrigin(registered.executor_metadata) ?? {}),
    hardware: inWordsOf(known.hardware, registered.executor_hardware_info ?? {}),
  };
}

/** The kubeconfig is not kept twice in the state. */
function outputsOf(inputs: Properties, hasInfrastructure: boolean): Properties {
  return { ...without(inputs, 'infrastructure'), hasInfrastructure };
}
