import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NetworkConfig, parseConfig } from '../../infra/config';
import { YamlError, type YamlValue, configKey, configText, parseYaml } from '../../stack-file';

const PROJECT = 'aios-network';

/** Stands for an encrypted value; it has the form of every value that may be encrypted. */
const ENCRYPTED = 'apiVersion:encrypted';

/**
 * Reads the configuration of a stack from its file, encrypted values left out: what is verified isn't secret.
 *
 * @param project the project's folder
 * @throws pulumi.RunError if the configuration cannot be used; Error that names the file and the line if
 *   it is no YAML; a file error if it cannot be read
 */
export function readStack(project: string, stack: string, env: NodeJS.ProcessEnv): NetworkConfig {
  const file = path.join(project, 'stacks', `Pulumi.${stack}.yaml`);
  const sections = Object.entries(readConfig(file))
    .map(([key, value]) => [configKey(key, PROJECT) ?? key, value] as const)
    .filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = sections.map(
    ([key, value]) => [key.slice(PROJECT.length + 1), asGiven(withoutSecrets(value))] as const,
  );
  const secretKeys = sections.filter(([, value]) => holdsSecret(value)).map(([key]) => key.slice(PROJECT.length + 1));
  return parseConfig({ project: PROJECT, stack, values: Object.fromEntries(values), secretKeys }, env);
}

function readConfig(file: string): Record<string, YamlValue> {
  try {
    const { config } = (parseYaml(readFileSync(file, 'utf8')) ?? {}) as { config?: Record<string, YamlValue> | null };
    return config ?? {};
  } catch (error) {
    throw error instanceof YamlError ? new Error(`${file}:${error.line}:${error.column}: ${error.message}`) : error;
  }
}

/** As the program gets it: what is not a text comes as JSON. */
function asGiven(value: YamlValue): unknown {
  const text = configText(value);
  return typeof value === 'object' && value !== null ? JSON.parse(text) : text;
}

function withoutSecrets(value: YamlValue): YamlValue {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  if (isSecret(value)) return ENCRYPTED;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function holdsSecret(value: YamlValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

/** As the CLI tells them: `{secure: <ciphertext>}` and nothing else. */
const isSecret = (value: YamlValue[] | Record<string, YamlValue>) =>
  !Array.isArray(value) && typeof value.secure === 'string' && Object.keys(value).length === 1;
