import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { type ProgramRun, runProgram } from '../pulumi-mocks';

const stacksFolder = path.join(__dirname, '../../stacks');

/** Names of all stacks. */
export const stacks = readdirSync(stacksFolder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** Runs the program as it is, under mocks, with the configuration file of a stack. */
export function runStack(stack: string): Promise<ProgramRun> {
  const file = readFileSync(path.join(stacksFolder, `Pulumi.${stack}.yaml`), 'utf8');
  const { config } = parse(file) as { config: Record<string, unknown> };
  const texts = Object.entries(config).map(([key, value]) => [key, asText(value)] as const);
  process.env.AIOS_EMBEDDED_KUBECONFIG = '.aios/cluster/kubeconfig';
  return runProgram(entry, { stack, config: Object.fromEntries(texts) });
}

/** The entry runs as it is loaded: for each stack it is loaded anew, with the one SDK that the mocks are set on. */
function entry(): unknown {
  let outputs: unknown;
  jest.isolateModules(() => {
    jest.doMock('@pulumi/pulumi', () => pulumi);
    outputs = jest.requireActual('../../infra');
  });
  return outputs;
}

/** Objects reach a program as JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
