import { type NetworkConfig, type RawConfig, parseConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { DIAGRAM_ENVIRONMENT } from '../diagram/environment';
import { readRawConfig } from '../verify/stack-file';

/** A stack as its file says, for whoever has neither its cluster nor its credentials. */
export interface OfflineStack {
  /** Encrypted values and the kubeconfig left out: nobody looks there, and the file may be on another machine. */
  raw: RawConfig;
  config: NetworkConfig;
}

/**
 * @param project the project's folder
 * @throws pulumi.RunError if the configuration cannot be used, UserError for what is no YAML
 */
export function readOfflineStack(project: string, stack: string): OfflineStack {
  const raw = withoutKubeconfig(readRaw(project, stack));
  return { raw, config: parseConfig(raw, DIAGRAM_ENVIRONMENT) };
}

function readRaw(project: string, stack: string): RawConfig {
  try {
    return readRawConfig(project, stack);
  } catch (error) {
    throw error instanceof Error ? new UserError(error.message) : error;
  }
}

function withoutKubeconfig(raw: RawConfig): RawConfig {
  const { cluster } = raw.values;
  if (typeof cluster !== 'object' || cluster === null) return raw;
  const kept = Object.entries(cluster).filter(([key]) => key !== 'kubeconfig');
  return { ...raw, values: { ...raw.values, cluster: Object.fromEntries(kept) } };
}
