import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Access, clusterEntry, networkEnvironment, startNetwork, stopNetwork } from '../../embedded/network';
import type { Bench, Outcome } from './bench';
import { engineCommand, type StackProject } from './engine';
import { type Contender, takeTurns } from './turns';

/** Stacks of the program in governance/, each named after how many policies and bound clusters it has together. */
const SIZES = { few: 150, many: 1500 } as const;

/** Clusters of the larger stack. */
const CLUSTERS = 1000;

/** How many clusters are registered at once. */
const BATCH = 50;

/** What many policies, and clusters bound to them, cost in comparison with a tenth of them. */
export async function measureGovernance({ run, runs, folder }: Bench): Promise<Outcome> {
  const directory = path.join(folder, 'governed');
  try {
    const network = await startNetwork({ directory });
    await registerClusters(network);
    const embedded = networkEnvironment(network);
    const contender = async (size: number): Promise<Contender> => {
      const state = path.join(folder, `governance-${size}`);
      await mkdir(state);
      return governance(size, { directory: path.join(__dirname, 'governance'), stack: String(size), state, embedded });
    };
    const many = await contender(SIZES.many);
    const few = await contender(SIZES.few);
    // Both run the same program: one warm-up does for both.
    const contests = await takeTurns({ contenders: [many, few], warmUp: [few], runs, run });
    return {
      title: '500 policies and 1000 bound clusters against 50 and 100',
      note: 'The services are simulated, with the latencies of the deployed ones; at most 8 calls run at a time.',
      contests,
    };
  } finally {
    await stopNetwork({ directory });
  }
}

function governance(size: number, project: StackProject): Contender {
  const [policies, clusters] = [size / 3, (size / 3) * 2];
  return {
    name: `${policies} policies, ${clusters} clusters`,
    take: async (run) => ({
      'first up': await run('first up', engineCommand(project, 'up', '--yes')),
      'no-change preview': await run('no-change preview', engineCommand(project, 'preview', '--expect-no-changes')),
      'no-change up': await run('no-change up', engineCommand(project, 'up', '--yes', '--expect-no-changes')),
      destroy: await run('destroy', engineCommand(project, 'destroy', '--yes')),
    }),
  };
}

/** A cluster has to be in the registry before it is bound. */
async function registerClusters(network: Access): Promise<void> {
  const ids = Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index + 1}`);
  for (let first = 0; first < ids.length; first += BATCH) {
    await Promise.all(ids.slice(first, first + BATCH).map((id) => registerCluster(network, id)));
  }
}

async function registerCluster({ clustersRegistry, token }: Access, id: string): Promise<void> {
  const body = JSON.stringify(clusterEntry(id, { publicHostname: `${id}.invalid` }));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { ok, status } = await fetch(`${clustersRegistry}/clusters`, { method: 'POST', headers, body });
  if (!ok) throw new Error(`the simulated registry answered ${status} when ${id} was registered`);
}
