/**
 * A configuration key with its namespace: a bare key is the project's, `ns:config:key` is an old form of `ns:key`.
 * @returns undefined for what the CLI takes for no key
 */
export function configKey(key: string, project: string): string | undefined {
  const parts = key.split(':');
  const [namespace = '', name = '', rest] = parts;
  if (parts.length === 1) return `${project}:${key}`;
  if (parts.length === 2) return key;
  return parts.length === 3 && name === 'config' ? `${namespace}:${rest ?? ''}` : undefined;
}
