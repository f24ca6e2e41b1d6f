import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { type RealPulumi, realPulumi } from '../../embedded/pulumi';
import { type EngineResult, Workspace, resultOf } from './harness/workspace';

const pulumi = realPulumi();
const why = 'no pulumi is on the PATH that is recent enough, and `make pulumi` has built none';

/** Of an update, as `--json` tells it when all is done; of a preview, the same. */
interface Summary {
  changeSummary?: Record<string, number>;
}

(pulumi ? describe : describe.skip)(pulumi ? 'stack dev under the real pulumi CLI' : `skipped: ${why}`, () => {
  // Where there is none, nothing below is run.
  const { bin = '', env = {} }: Partial<RealPulumi> = pulumi ?? {};
  let directory: string;
  let workspace: Workspace;
  let network: DetachedNetwork;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-real-pulumi-'));
    const { kubeconfig, context } = await startCluster({ directory });
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment: { kubeconfig, context } });
    const environment = { AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) };
    workspace = await Workspace.create(environment);
    await mkdir(path.join(directory, 'home'));
    Object.assign(env, environment, {
      PULUMI_HOME: path.join(directory, 'home'),
      PULUMI_BACKEND_URL: `file://${path.join(workspace.directory, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'correct horse battery staple',
    });
  }, 900_000);

  afterAll(async () => {
    await network.close();
    await stopCluster({ directory, wipe: true });
    await workspace.remove();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  const run = (...args: string[]): Promise<EngineResult> =>
    resultOf(
      spawn(bin, [...args, '--non-interactive', '--stack', 'dev', '--cwd', workspace.directory], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );

  /** Fails with all that was said if the CLI did. */
  async function succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  const changes = async (...args: string[]) =>
    (JSON.parse(await succeed(...args, '--json')) as Summary).changeSummary ?? {};

  /** An update, with a section `guardrails`, as the launcher has it judged where the CLI is the built one. */
  async function underGuardrails(section: object): Promise<EngineResult> {
    env.PULUMI_CONFIG = JSON.stringify({ 'aios-network:guardrails': JSON.stringify(section) });
    const pack = 'policies/guardrails/pulumi-analyzer-guardrails';
    return run('up', '--yes', '--policy-pack', pack).finally(() => delete env.PULUMI_CONFIG);
  }

  test('is previewed, judged, brought up, left alone, told of and taken down', async () => {
    await succeed('stack', 'init');
    const { create = 0, ...others } = await changes('preview');
    expect(others).toEqual({});
    expect(create).toBeGreaterThan(150);

    const refused = await underGuardrails({ enforcement: 'mandatory', rules: { 'databases-kept': 'advisory' } });
    expect(refused.stdout).toMatch(
      /❌ aios-network@v.*\n +- \[mandatory\] {2}images-pinned .*\n[^]*\[advisory\] {2}databases-kept /,
    );
    expect(refused.code).toBe(1);
    expect(await changes('preview')).toEqual({ create });

    const up = await succeed('up', '--yes', '--skip-preview');
    expect(up).toMatch(new RegExp(`\\+ ${create} created`));
    expect(await changes('preview', '--expect-no-changes')).toEqual({ same: create });

    const outputs = JSON.parse(await succeed('stack', 'output', '--json')) as Record<string, { hosts?: string[] }>;
    expect(outputs.registry?.hosts).toHaveLength(3);
    expect(JSON.stringify(await succeed('stack', 'export'))).not.toMatch(/"plaintext/);

    // What one brought up, the other finds unchanged.
    expect(await workspace.changes('preview')).toEqual({ same: create });

    expect(await succeed('destroy', '--yes', '--skip-preview')).toMatch(new RegExp(`- ${create} deleted`));
  }, 900_000);
});
