import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Bench, Outcome } from './bench';
import { engineCommand, type StackProject } from './engine';
import { type Contender, takeTurns } from './turns';

/** Stacks of the program in services/, each named after its number of services. The simulated nodes hold 1500 pods. */
const SIZES = { few: 50, many: 500 } as const;

/** What many services cost the engine in comparison with a tenth of them. */
export async function measureServices({ run, runs, folder, cluster }: Bench): Promise<Outcome> {
  const contender = async (size: number): Promise<Contender> => {
    const state = path.join(folder, `state-${size}`);
    await mkdir(state);
    return services(size, {
      directory: path.join(__dirname, 'services'),
      stack: String(size),
      state,
      embedded: { AIOS_EMBEDDED_KUBECONFIG: cluster.kubeconfig },
    });
  };
  const many = await contender(SIZES.many);
  const few = await contender(SIZES.few);
  // Both run the same program: one warm-up does for both.
  const contests = await takeTurns({ contenders: [many, few], warmUp: [few], runs, run });
  return {
    title: `${SIZES.many} services (a Deployment and a Service each) against ${SIZES.few}`,
    note: 'Pods are simulated: waiting for them is waiting for the scheduler and the controllers.',
    contests,
  };
}

function services(size: number, project: StackProject): Contender {
  return {
    name: `${size} services`,
    take: async (run) => ({
      'first up': await run('first up', engineCommand(project, 'up', '--yes')),
      'no-change up': await run('no-change up', engineCommand(project, 'up', '--yes', '--expect-no-changes')),
      destroy: await run('destroy', engineCommand(project, 'destroy', '--yes')),
    }),
  };
}
