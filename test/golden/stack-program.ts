import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { type ProgramRun, runProgram } from '../pulumi-mocks';

/** What the entry imports; it must share the SDK that the mocks are set on. */
const loadedOnce = [
  '@pulumi/pulumi',
  '@pulumi/pulumi/runtime',
  '@pulumi/kubernetes/provider',
  '@pulumi/random/provider',
  '../../infra/config',
  '../../policies/resources',
  '../../infra/database/data-placements',
  '../../infra/management-cluster',
];

/** Where the simulated services of stack dev would listen. */
const embeddedNetwork = {
  gateway: 'http://127.0.0.1:30600',
  policiesSystem: 'http://127.0.0.1:30102',
  clustersRegistry: 'http://127.0.0.1:30101',
  policyCode: 'http://127.0.0.1:32555',
};

const stacksFolder = path.join(__dirname, '../../stacks');

/** Names of all stacks. */
export const stacks = readdirSync(stacksFolder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

const runs = new Map<string, Promise<ProgramRun>>();

/** Runs the program as it is, under mocks, with the configuration file of a stack; once, however often it is asked. */
export function runStack(stack: string): Promise<ProgramRun> {
  const run = runs.get(stack) ?? runOnce(stack);
  runs.set(stack, run);
  return run;
}

function runOnce(stack: string): Promise<ProgramRun> {
  const { config, environment } = stackConfiguration(stack);
  Object.assign(process.env, environment);
  return runProgram(entry, { stack, config });
}

/** What an engine tells the program of a stack: its file's configuration, and where the embedded cluster and network are. */
export function stackConfiguration(stack: string) {
  const file = readFileSync(path.join(stacksFolder, `Pulumi.${stack}.yaml`), 'utf8');
  const { config } = parse(file) as { config: Record<string, unknown> };
  const texts = Object.entries(config).map(([key, value]) => [key, asText(value)] as const);
  return {
    config: Object.fromEntries(texts),
    environment: {
      AIOS_EMBEDDED_KUBECONFIG: '.aios/cluster/kubeconfig',
      AIOS_EMBEDDED_NETWORK: JSON.stringify(embeddedNetwork),
    },
  };
}

/** The entry runs as it is loaded, so it is loaded anew for each stack, and nothing else is. */
function entry(): unknown {
  const shared = loadedOnce.map((name): [string, unknown] => [name, jest.requireActual(name)]);
  let outputs: unknown;
  jest.isolateModules(() => {
    for (const [name, loaded] of shared) jest.doMock(name, () => loaded);
    // At the end of an update it asks services, which are not there.
    jest.doMock('../../infra/governance/proof', () => ({ proveBound: () => undefined }));
    outputs = jest.requireActual('../../infra');
  });
  return outputs;
}

/** Objects reach a program as JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
