import { type Difference, differencesOf } from '../compare/difference';
import type { Scenario } from '../scenario';
import type { Engine } from '../stage/engine';
import type { Sections } from '../../integration/harness/workspace';

const EDITS: Record<string, (sections: Sections) => void> = {
  'a node that does not exist': ({ registry }) => {
    if (registry) registry.nodes = [...(registry.nodes as string[]), 'worker-99'];
  },
  'a context that does not exist': (sections) => {
    sections.cluster = { ...sections.cluster, context: 'no-such-context' };
  },
};

/** What cannot be applied is refused by both, in a preview, naming what is wrong; the cluster stays as it was. */
export const REFUSALS: Scenario = {
  name: 'refusals',
  title: 'what cannot be applied is refused by both before anything is changed',
  async run(stage) {
    const { embedded, cli, workspace, say } = stage;
    const differences: Difference[] = [];
    const nodes = await stage.kubectl('get', 'nodes', '-o', 'name');
    for (const [where, edit] of Object.entries(EDITS)) {
      say(where);
      await workspace.configure(edit);
      differences.push(...differencesOf(where, await refusal(embedded), await refusal(cli)));
    }
    const after = await stage.kubectl('get', 'nodes', '-o', 'name');
    const sides = { embedded: nodes, cli: after };
    return after === nodes ? differences : [...differences, { where: 'after all', subject: 'nodes', ...sides }];
  },
};

async function refusal(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const { code, stdout, stderr } = await engine.run('preview');
  const names = /worker-99|no-such-context/.exec(stdout + stderr)?.[0] ?? 'nothing';
  return new Map([
    ['exit code', String(code)],
    ['names', names],
  ]);
}
