import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { clusterEntry, type InProcessNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { changesOf, forJson, resultOf } from './harness/workspace';

jest.setTimeout(120_000);

const CHECKOUT = path.resolve(__dirname, '../..');

let directory: string;
let network: InProcessNetwork;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'aios-examples-'));
  network = await startNetwork({ inProcess: true, directory: path.join(directory, 'network'), timeScale: 0 });
  for (const name of ['infra', 'policies', 'node_modules', 'package.json', 'tsconfig.json']) {
    await symlink(path.join(CHECKOUT, name), path.join(directory, name));
  }
  // A copy: the engine writes the encryption of a stack's secrets beside the program.
  await cp(path.join(CHECKOUT, 'examples'), path.join(directory, 'examples'), { recursive: true });
});

afterEach(async () => {
  await network.close();
  await rm(directory, { recursive: true });
});

/** Numbers of resources by operation, of a run of an example's program. */
async function changes(example: string, ...args: string[]): Promise<Record<string, number>> {
  const cli = path.join(CHECKOUT, 'embedded/engine/cli.ts');
  const cwd = path.join(directory, 'examples', example);
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', cli, '--cwd', cwd, ...forJson(args), '--stack', 'test'],
    {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...networkEnvironment(network),
        PULUMI_BACKEND_URL: `file://${directory}`,
        PULUMI_CONFIG_PASSPHRASE: 'test',
      },
    },
  );
  return changesOf(args, await resultOf(child));
}

async function create(id: string, regionId: string): Promise<unknown> {
  const response = await fetch(`${network.gateway}/clusters/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${network.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...clusterEntry(id), regionId }),
  });
  return response.json();
}

test("governance: a rule of one's own decides in a network which clusters join, until the program is gone", async () => {
  const { gateway, policiesSystem, clustersRegistry, policyCode: codeStore } = network;
  const settings = Object.entries({ gateway, policiesSystem, clustersRegistry, codeStore });
  const config = Object.fromEntries(settings.map(([key, url]) => [`governance-example:${key}`, url]));
  await writeFile(path.join(directory, 'examples/governance/Pulumi.test.yaml'), stringify({ config }));

  expect(await changes('governance', 'up', '--yes')).toEqual({ create: 4 });
  expect(await changes('governance', 'up', '--yes')).toEqual({ same: 4 });
  expect(JSON.stringify(await create('us-east-1-a', 'eu-west-1'))).toContain("does not begin with 'eu-west-1-'");
  expect(network.clusters()).toEqual([]);
  await create('eu-west-1-a', 'eu-west-1');
  expect(network.clusters()).toMatchObject([{ id: 'eu-west-1-a' }]);

  await changes('governance', 'destroy', '--yes');
  expect([network.policies(), network.gatewayMaps()]).toEqual([[], [{}]]);
});
