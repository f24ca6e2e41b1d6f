import { getProject, getStack, runtime } from '@pulumi/pulumi';
import type { NetworkConfig } from './network-config';
import { parseConfig } from './parse';

/**
 * Reads the configuration of the stack that runs; called once, at the entry.
 *
 * `pulumi.Config` is not used: it can't list keys, so that a misspelt section would go unseen, and quotes a value that
 * is no JSON, secret or not.
 * @throws pulumi.RunError that tells all problems at once
 */
export function loadConfig(): NetworkConfig {
  const project = getProject();
  const prefix = `${project}:`;
  const values = Object.entries(runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]): [string, unknown] => [key.slice(prefix.length), parseJson(text)]);
  const secretKeys = secretConfigKeys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return parseConfig({ project, stack: getStack(), values: Object.fromEntries(values), secretKeys }, process.env);
}

/** Objects come as JSON, plain values as they are. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The keys that the engine decrypted something for; the SDK keeps its own reader of them to itself. */
function secretConfigKeys(): string[] {
  const keys = process.env.PULUMI_CONFIG_SECRET_KEYS ?? '';
  return keys === '' ? [] : (JSON.parse(keys) as string[]);
}
