import type { NetworkConfig } from './sections';

/** The configuration of a stack as Pulumi holds it. */
export interface RawConfig {
  /** Name of the stack. */
  stack: string;
  /** Values by configuration key, the project's name left out. */
  values: Readonly<Record<string, unknown>>;
  /** Configuration keys whose value holds something encrypted. */
  secretKeys: readonly string[];
}

export function parseConfig(_raw: RawConfig, _env: Readonly<Record<string, string | undefined>>): NetworkConfig {
  throw new Error('not yet');
}
