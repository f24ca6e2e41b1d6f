import { networkEnvironment, type Access } from '../../../../embedded/network';

/** What a service has answered. */
export interface Reply {
  status: number;
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
}

/** The header that the services at this address want, once {@link useTokens} was told of their network. */
export function authorization(base: string): { authorization: string } {
  return { authorization: `Bearer ${tokens()[new URL(base).origin] ?? ''}` };
}

/** Puts a network's tokens into the environment of this process, as the launcher does for the program and the plugin. */
export function useTokens(network: Access): void {
  const { AIOS_ENDPOINT_TOKENS: own = '{}' } = networkEnvironment(network);
  process.env.AIOS_ENDPOINT_TOKENS = JSON.stringify({ ...tokens(), ...(JSON.parse(own) as object) });
}

const tokens = () => JSON.parse(process.env.AIOS_ENDPOINT_TOKENS ?? '{}') as Record<string, string>;

/** Sends JSON, as curl would. */
export async function send(base: string, method: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { ...authorization(base), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
