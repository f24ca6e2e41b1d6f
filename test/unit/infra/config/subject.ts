import { parseConfig, type RawConfig } from '../../../../infra/config/parse';

const VALID = {
  network: { name: 'test', advertisedHost: 'network.example.org' },
  services: { imageRegistry: 'registry.example.org:31280' },
  gateway: { image: 'registry.example.org:31280/gateway:v1' },
  cluster: { context: 'aios-test' },
};

/** A configuration without problems, with the given sections in place of its own. */
export function raw(sections: Record<string, unknown> = {}, rest: Partial<RawConfig> = {}): RawConfig {
  return { stack: 'staging', values: { ...VALID, ...sections }, ...rest };
}

/** The message that the configuration is refused with. */
export function refusal(config: RawConfig, env: Record<string, string> = {}): string {
  try {
    parseConfig(config, env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
}

/** What the refusal says of each problem: path and value, rule, fix. */
export function problems(config: RawConfig, env: Record<string, string> = {}): string[][] {
  return refusal(config, env)
    .split('\n\n')
    .slice(1, -1)
    .map((block) => block.split('\n').map((line) => line.trim()));
}
