import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NetworkConfig, parseConfig, type RawConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { YamlError, type YamlValue, configKey, configText, parseYaml } from '../../stack-file';

const PROJECT = 'aios-network';

/** Stand for encrypted values, which only the engine can read: each is one of its kind, so that the rest can be checked. */
const ENCRYPTED_KUBECONFIG = 'apiVersion: v1\nkind: Config\nclusters: []\n';
const ENCRYPTED_TEXT = 'encrypted';

/**
 * Reads the configuration of a stack from its file, encrypted values left out: what is verified isn't secret.
 *
 * @param project the project's folder
 * @throws pulumi.RunError if the configuration cannot be used; UserError that names the file and the line if
 *   it is no YAML; a file error if it cannot be read
 */
export function readStack(project: string, stack: string, env: NodeJS.ProcessEnv): NetworkConfig {
  return parseConfig(readRawConfig(project, stack), env);
}

/**
 * The configuration in a stack's file, unchecked and without encrypted values.
 *
 * @throws UserError that names the file and the line if it is no YAML; a file error if it cannot be read
 */
export function readRawConfig(project: string, stack: string): RawConfig {
  const file = path.join(project, 'stacks', `Pulumi.${stack}.yaml`);
  return rawConfigIn(readFileSync(file, 'utf8'), stack, file);
}

/**
 * The same of a file's text, wherever that is kept.
 *
 * @param file as messages name it
 */
export function rawConfigIn(text: string, stack: string, file = `Pulumi.${stack}.yaml`): RawConfig {
  const sections = Object.entries(readConfig(text, file))
    .map(([key, value]) => [configKey(key, PROJECT) ?? key, value] as const)
    .filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = sections.map(
    ([key, value]) => [key.slice(PROJECT.length + 1), asGiven(withoutSecrets(value))] as const,
  );
  const secretKeys = sections.filter(([, value]) => holdsSecret(value)).map(([key]) => key.slice(PROJECT.length + 1));
  return { project: PROJECT, stack, values: Object.fromEntries(values), secretKeys };
}

function readConfig(text: string, file: string): Record<string, YamlValue> {
  try {
    const { config } = (parseYaml(text) ?? {}) as { config?: Record<string, YamlValue> | null };
    return config ?? {};
  } catch (error) {
    throw error instanceof YamlError ? new UserError(`${file}:${error.line}:${error.column}: ${error.message}`) : error;
  }
}

/** As the program gets it: what is not a text comes as JSON. */
function asGiven(value: YamlValue): unknown {
  const text = configText(value);
  return typeof value === 'object' && value !== null ? JSON.parse(text) : text;
}

/** @param key under which the value stands */
function withoutSecrets(value: YamlValue, key = ''): YamlValue {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item));
  if (typeof value !== 'object' || value === null) return value;
  if (isSecret(value)) return key === 'kubeconfig' ? ENCRYPTED_KUBECONFIG : ENCRYPTED_TEXT;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, name)]));
}

function holdsSecret(value: YamlValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

/** As the CLI tells them: `{secure: <ciphertext>}` and nothing else. */
const isSecret = (value: YamlValue[] | Record<string, YamlValue>) =>
  !Array.isArray(value) && typeof value.secure === 'string' && Object.keys(value).length === 1;
