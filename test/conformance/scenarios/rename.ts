import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Difference } from '../compare/difference';
import type { Scenario } from '../scenario';
import { succeed, up } from '../stage/engine';
import { comparePreviews, unchanged } from '../stage/previews';
import { type Stage, turns } from '../stage/stage';

/** A state written before a component was renamed is taken over, by either, and handed back. */
export const RENAME: Scenario = {
  name: 'rename',
  title: 'a state from before ReplicaSet became MongoReplicaSet is taken over by its alias, and handed back',
  async run(stage) {
    const differences: Difference[] = [];
    for (const { first, second } of turns(stage)) {
      await renameBack(stage);
      differences.push(...(await comparePreviews(stage, `before ${first.title} takes a renamed component over`)));
      stage.say(`up by ${first.title}`);
      await up(first);
      differences.push(...(await unchanged(stage, second, `after ${first.title} took a renamed component over`)));
    }
    return differences;
  },
};

/** Gives the state the component's former name. */
async function renameBack({ embedded, workspace, say }: Stage): Promise<void> {
  say('the former name into the state');
  const file = path.join(workspace.directory, 'exported.json');
  await succeed(embedded, 'stack', 'export', '--file', file);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll('aios:index:MongoReplicaSet', 'aios:index:ReplicaSet'));
  await succeed(embedded, 'stack', 'import', '--file', file);
}
