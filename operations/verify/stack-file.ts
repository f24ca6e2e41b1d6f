import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NetworkConfig, parseConfig } from '../../infra/config';
import { type YamlValue, configKey, configText, parseYaml } from '../../stack-file';

const PROJECT = 'aios-network';

/** Stands for an encrypted value; it has the form of every value that may be encrypted. */
export const ENCRYPTED = 'apiVersion:encrypted';

/**
 * Reads the configuration of a stack from its file, encrypted values left out: what is verified isn't secret.
 *
 * @param project the project's folder
 * @throws pulumi.RunError if the configuration cannot be used; SyntaxError or a file error if the file cannot be read
 */
export function readStack(project: string, stack: string, env: NodeJS.ProcessEnv): NetworkConfig {
  const file = path.join(project, 'stacks', `Pulumi.${stack}.yaml`);
  const { config } = (parseYaml(readFileSync(file, 'utf8')) ?? {}) as { config?: Record<string, YamlValue> | null };
  const sections = Object.entries(config ?? {})
    .map(([key, value]) => [configKey(key, PROJECT) ?? key, value] as const)
    .filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = sections.map(
    ([key, value]) => [key.slice(PROJECT.length + 1), asGiven(withoutSecrets(value))] as const,
  );
  const secretKeys = sections
    .filter(([, value]) => JSON.stringify(withoutSecrets(value)) !== JSON.stringify(value))
    .map(([key]) => key.slice(PROJECT.length + 1));
  return parseConfig({ project: PROJECT, stack, values: Object.fromEntries(values), secretKeys }, env);
}

/** As the program gets it: what is not a text comes as JSON. */
function asGiven(value: YamlValue): unknown {
  const text = configText(value);
  return typeof value === 'object' && value !== null ? JSON.parse(text) : text;
}

function withoutSecrets(value: YamlValue): YamlValue {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  if ('secure' in value) return ENCRYPTED;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
