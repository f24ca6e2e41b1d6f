import path from 'node:path';
import { type RealPulumi, realPulumi } from '../../embedded/pulumi';
import { networkEnvironment, startNetwork, stopNetwork } from '../../embedded/network';
import { Workspace } from '../integration/harness/workspace';
import type { Bench, Outcome } from './bench';
import { ENGINE, engineCommand, type StackProject } from './engine';
import { writeObjects } from './objects';
import { type CliProject, createStack, forgetStack, PULUMI, pulumiCommand } from './pulumi-cli';
import { type StackContests, stackContests } from './stack-trials';
import { type Contest, takeTurns } from './turns';

/** Stack dev, by the engine, kubectl and the CLI. */
export async function measureStack(bench: Bench): Promise<Outcome> {
  const directory = path.join(bench.folder, 'network');
  const workspaces: Workspace[] = [];
  try {
    const embedded = await startSurroundings(bench, directory);
    const project = async (): Promise<StackProject> => {
      const workspace = await Workspace.create(embedded);
      workspaces.push(workspace);
      return {
        directory: workspace.directory,
        stack: 'dev',
        state: path.join(workspace.directory, 'state'),
        embedded,
      };
    };
    const pulumi = pulumiFor(bench);
    return await compare(bench, await project(), pulumi && { ...(await project()), pulumi });
  } finally {
    for (const workspace of workspaces) await workspace.remove();
    await stopNetwork({ directory });
  }
}

/** Starts what the program talks to beside the cluster. @returns what it has to be told */
async function startSurroundings({ cluster }: Bench, directory: string): Promise<Record<string, string>> {
  const { kubeconfig, context } = cluster;
  const network = await startNetwork({ directory, deployment: { kubeconfig, context } });
  return { AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) };
}

function pulumiFor({ usePulumi, skip }: Bench): RealPulumi | undefined {
  if (!usePulumi) return undefined;
  const found = realPulumi();
  if (!found)
    skip('The pulumi CLI is left out: none is on the PATH that is recent enough, and `make pulumi` has built none.');
  return found;
}

/**
 * @param own project of the embedded engine
 * @param cli project of the pulumi CLI, if it takes part
 */
async function compare(bench: Bench, own: StackProject, cli: CliProject | undefined): Promise<Outcome> {
  const { run, folder, runs } = bench;
  const objects = path.join(folder, 'objects.yaml');
  const exported = path.join(folder, 'exported-with-secrets.json');
  await run(`warm-up, ${ENGINE}: first up`, engineCommand(own, 'up', '--yes'));
  await run(`${ENGINE}: export`, engineCommand(own, 'stack', 'export', '--show-secrets', '--file', exported));
  const count = await writeObjects(exported, objects);
  if (cli) await takeOver(bench, own, cli);

  const contests = stackContests(bench, { own, cli, objects });
  const contest = (name: keyof StackContests, warmUp: boolean): Promise<Contest[]> =>
    takeTurns({ contenders: contests[name], warmUp: warmUp ? contests[name] : [], runs, run });
  const preview = await contest('no-change preview', true);
  const noChange = await contest('no-change up', true);
  await run(`${ENGINE}: take it down`, engineCommand(own, 'destroy', '--yes'));
  if (cli) for (const command of [forgetStack(cli), createStack(cli)]) await run(`${PULUMI}: empty stack`, command);
  // Everybody is warm by now.
  const firstUp = await contest('first up', false);
  return {
    title: `stack dev: ${count.resources} resources, of which ${count.objects} are objects for kubectl`,
    note: [
      'An up waits until everything is ready; kubectl apply returns as soon as everything is accepted.',
      'kubectl diff compares on the client; with --server-side the server does, as it does for a preview.',
    ].join('\n'),
    contests: [...firstUp, ...preview, ...noChange],
  };
}

/** Hands the stack as it is to the CLI: for that, nothing is to be changed either. */
async function takeOver({ run, folder }: Bench, own: StackProject, cli: CliProject): Promise<void> {
  const file = path.join(folder, 'exported.json');
  await run(`${ENGINE}: export`, engineCommand(own, 'stack', 'export', '--file', file));
  await run(`${PULUMI}: new stack`, createStack(cli));
  await run(`${PULUMI}: import`, pulumiCommand(cli, 'stack', 'import', '--file', file));
}
