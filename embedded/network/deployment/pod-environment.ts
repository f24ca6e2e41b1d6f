import type { CoreV1Api, V1EnvFromSource, V1EnvVar, V1Pod } from '@kubernetes/client-node';
import type { GatewayEnvironment } from '../gateway/gateway-process';

/** The variables that the simulated gateway heeds. */
const names = [
  'CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP',
  'POLICY_EXECUTION_MODE',
  'POLICY_SYSTEM_EXECUTOR_ID',
] as const satisfies (keyof GatewayEnvironment)[];

/** Reads the data of a ConfigMap. @returns undefined if there is none */
export type ReadConfigMap = (name: string) => Promise<Readonly<Record<string, string>> | undefined>;

export function configMapReader(api: CoreV1Api, namespace: string): ReadConfigMap {
  return async (name) => (await api.readNamespacedConfigMap({ name, namespace }).catch(() => undefined))?.data;
}

/** A container's environment as it is when the container starts: values, and ConfigMaps as they are now. */
export async function podEnvironment(pod: V1Pod, readConfigMap: ReadConfigMap): Promise<GatewayEnvironment> {
  const [container] = pod.spec?.containers ?? [];
  const environment: Partial<Record<(typeof names)[number], string>> = {};
  for (const name of names) {
    // Of several entries of a name the last one counts, and `env` goes before `envFrom`.
    const variable = container?.env?.findLast((entry) => entry.name === name);
    const value = variable
      ? await variableValue(variable, readConfigMap)
      : await importedValue(container?.envFrom ?? [], name, readConfigMap);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

async function variableValue(variable: V1EnvVar, readConfigMap: ReadConfigMap): Promise<string | undefined> {
  const reference = variable.valueFrom?.configMapKeyRef;
  if (!reference) return variable.value;
  return (await readConfigMap(reference.name ?? ''))?.[reference.key];
}

async function importedValue(
  sources: readonly V1EnvFromSource[],
  name: string,
  readConfigMap: ReadConfigMap,
): Promise<string | undefined> {
  let value: string | undefined;
  for (const { configMapRef, prefix = '' } of sources) {
    if (!configMapRef?.name || !name.startsWith(prefix)) continue;
    value = (await readConfigMap(configMapRef.name))?.[name.slice(prefix.length)] ?? value;
  }
  return value;
}
