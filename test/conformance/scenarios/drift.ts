import type { Difference } from '../compare/difference';
import type { Scenario } from '../scenario';
import { succeed, up } from '../stage/engine';
import { comparePreviews, unchanged } from '../stage/previews';
import { type Stage, turns } from '../stage/stage';

/** What somebody changed by hand is found by both alike, written down by one, and taken back by the other. */
export const DRIFT: Scenario = {
  name: 'drift',
  title: 'drift is found by both alike; what one has refreshed the other takes back',
  async run(stage) {
    const differences: Difference[] = [];
    for (const { first, second } of turns(stage)) {
      await drift(stage);
      differences.push(...(await comparePreviews(stage, 'drift', '--refresh')));
      stage.say(`refresh by ${first.title}`);
      await succeed(first, 'refresh', '--yes', ...(first.name === 'cli' ? ['--skip-preview'] : []));
      differences.push(...(await comparePreviews(stage, `after a refresh by ${first.title}`)));
      stage.say(`up by ${second.title}`);
      await up(second);
      differences.push(...(await unchanged(stage, first, `after ${second.title} took drift back`, '--refresh')));
    }
    return differences;
  },
};

/** Changes of other hands: of a value that the program sets, of a label that it does not, and an object that is gone. */
async function drift({ kubectl, say }: Stage): Promise<void> {
  say('changing things by hand');
  const gateway = ['-n', 'services', 'set', 'env', 'deployment/cluster-controller-gateway'];
  await kubectl('-n', 'utils', 'scale', 'deployment/search-server', '--replicas', '4');
  await kubectl(...gateway, 'POLICY_EXECUTION_MODE=remote');
  await kubectl('-n', 'services', 'label', 'service/parser', 'somebody=else', '--overwrite');
  await kubectl('-n', 'registries', 'delete', 'networkpolicy', 'registry');
}
