import type { Difference } from '../compare/difference';
import type { Scenario } from '../scenario';
import { up } from '../stage/engine';
import { unchanged } from '../stage/previews';
import { type Stage, turns } from '../stage/stage';
import { apply, type Edit } from './configuration-edits';

/** Protected, whose volumes are kept when members leave, and taken back by whoever has the stack then. */
const MORE: Edit = {
  name: 'more members, protected, another image, policy and execution mode',
  set: {
    'registry.replicas': 5,
    'registry.protect': true,
    'services.overrides.parser.image': 'example/parser:v2',
    'policies.bindings.add_node.parameters.max': 3,
    'policies.execution': { mode: 'remote', executor: 'executor-007' },
    'policies.executors': { 'executor-007': { clusterPublicIp: '127.0.0.1', metadata: {}, hardware: {} } },
  },
};
const BACK: Edit = { name: 'all of it taken back, but for the protection', set: { 'registry.protect': true } };
const AGAIN: Edit = { ...MORE, name: 'all of it once more' };

/** What one has changed is unchanged to the other. */
export const CHANGES: Scenario = {
  name: 'changes',
  title:
    'members 3→5→3→5, protection, an image, a policy and the execution mode, changed by one, are unchanged to the other',
  async run(stage) {
    const [there, back] = turns(stage);
    const differences: Difference[] = [];
    for (const [turn, edit] of [
      [there, MORE],
      [back, BACK],
      [back, AGAIN],
      [there, BACK],
    ] as const) {
      if (turn) differences.push(...(await change(stage, turn, edit)));
    }
    return differences;
  },
};

async function change(stage: Stage, { first, second }: ReturnType<typeof turns>[number], edit: Edit) {
  stage.say(`${edit.name}: up by ${first.title}`);
  await stage.workspace.configure((sections) => apply(sections, edit));
  await up(first);
  return unchanged(stage, second, `after ${edit.name}, by ${first.title}`);
}
