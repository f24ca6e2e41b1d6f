import { runtime } from '@pulumi/pulumi';
import type { RawConfig } from '../../infra/config';
import { DIAGRAM_ENVIRONMENT } from '../diagram/environment';
import { type Registered, providersStandIn, recordRegistrations } from './registrations';

const PROJECT = 'aios-network';

/** What is generated in a run that makes nothing. It stands inside of secrets only, and they are masked. */
const GENERATED = 'generated';

/**
 * Runs the program of a stack as a preview without engine, cluster or credentials, and returns what it registers, once all
 * of it is registered. Once a process: the program reads its configuration as it is loaded.
 *
 * @throws pulumi.RunError if the configuration cannot be used
 */
export async function runProgram(raw: RawConfig): Promise<readonly Registered[]> {
  Object.assign(process.env, DIAGRAM_ENVIRONMENT);
  await runtime.setMocks(providersStandIn(GENERATED), PROJECT, raw.stack, true);
  const values = Object.entries(raw.values);
  runtime.setAllConfig(
    Object.fromEntries(values.map(([key, value]) => [`${PROJECT}:${key}`, asText(value)])),
    raw.secretKeys?.map((key) => `${PROJECT}:${key}`),
  );
  const registered = recordRegistrations();
  // Not before: what the program makes as it is loaded has to find the stand-ins.
  await runtime.runInPulumiStack(() => Promise.resolve(require('../../infra') as unknown));
  await runtime.disconnect();
  return registered;
}

/** Objects reach a program as JSON. */
const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
