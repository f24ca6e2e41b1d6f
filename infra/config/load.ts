import * as pulumi from '@pulumi/pulumi';
import { parseConfig } from './parse';
import type { NetworkConfig } from './sections';

export function loadConfig(): NetworkConfig {
  return parseConfig({ stack: pulumi.getStack(), values: {}, secretKeys: [] }, process.env);
}
