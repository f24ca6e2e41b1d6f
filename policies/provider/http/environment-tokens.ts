/** The environment variable with bearer tokens by origin, as JSON: `{"http://127.0.0.1:1234": "…"}`. */
const ENDPOINT_TOKENS = 'AIOS_ENDPOINT_TOKENS';

/**
 * The token that the environment has for a URL's origin, for endpoints that the configuration gives none: one that is
 * another at every start belongs neither in a configuration nor in a state, where each would be a change.
 */
export function environmentToken(origin: string): string | undefined {
  try {
    const tokens = JSON.parse(process.env[ENDPOINT_TOKENS] ?? '{}') as Record<string, unknown>;
    const token = Object.hasOwn(tokens, origin) ? tokens[origin] : undefined;
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}
