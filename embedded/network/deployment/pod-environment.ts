import type { GatewayEnvironment } from '../gateway/gateway-process';
import type { ReadConfigMap } from './cluster-api';
import type { Pod, Variable, VariableSource } from './pod';

/** The variables that the simulated gateway heeds. */
const NAMES = [
  'CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP',
  'POLICY_EXECUTION_MODE',
  'POLICY_SYSTEM_EXECUTOR_ID',
] as const satisfies (keyof GatewayEnvironment)[];

/** A container's environment as it is when the container starts: values, and ConfigMaps as they are now. */
export async function podEnvironment(pod: Pod, readConfigMap: ReadConfigMap): Promise<GatewayEnvironment> {
  const [container] = pod.spec.containers;
  const environment: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const name of NAMES) {
    // Of several entries of a name the last one counts, and `env` goes before `envFrom`.
    const variable = container?.env?.findLast((entry) => entry.name === name);
    const value = variable
      ? await variableValue(variable, readConfigMap)
      : await importedValue(container?.envFrom ?? [], name, readConfigMap);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

async function variableValue(variable: Variable, readConfigMap: ReadConfigMap): Promise<string | undefined> {
  const reference = variable.valueFrom?.configMapKeyRef;
  if (!reference) return variable.value;
  return (await readConfigMap(reference.name))?.[reference.key];
}

async function importedValue(
  sources: readonly VariableSource[],
  name: string,
  readConfigMap: ReadConfigMap,
): Promise<string | undefined> {
  let value: string | undefined;
  for (const { configMapRef, prefix = '' } of sources) {
    if (!configMapRef || !name.startsWith(prefix)) continue;
    value = (await readConfigMap(configMapRef.name))?.[name.slice(prefix.length)] ?? value;
  }
  return value;
}
