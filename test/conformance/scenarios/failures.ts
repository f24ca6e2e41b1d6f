import { ended } from '../../integration/harness/workspace';
import type { Difference } from '../compare/difference';
import type { Scenario } from '../scenario';
import { type Engine, up, upArgs } from '../stage/engine';
import { comparePreviews, unchanged } from '../stage/previews';
import { restore, type Stage, turns } from '../stage/stage';
import { apply, type Edit } from './configuration-edits';

const TAKEN_PORT = 30499;

/** A node port that somebody else has, beside changes that succeed. */
const REFUSED: Edit = {
  name: 'a node port that is taken',
  set: {
    'services.overrides.parser.nodePorts': { 8000: TAKEN_PORT },
    'services.overrides.search-server.replicas': 2,
    'services.overrides.blocks-db.image': 'example/blocks-db:v2',
  },
};

/** What is left of an update that failed is the same to both, and either can end it. */
export const FAILED_UP: Scenario = {
  name: 'failed-up',
  title: 'after an update of either that failed both see the same left to do, and the other does it',
  async run(stage) {
    const { kubectl, workspace, say } = stage;
    const differences: Difference[] = [];
    for (const { first, second } of turns(stage)) {
      await restore(stage);
      await kubectl('create', 'service', 'nodeport', 'squatter', '--tcp=80', `--node-port=${TAKEN_PORT}`);
      await workspace.configure((sections) => apply(sections, REFUSED));
      say(`an update that fails, by ${first.title}`);
      const { code } = await first.run(...upArgs(first)).finally(() => kubectl('delete', 'service', 'squatter'));
      if (code === 0) throw new Error(`${first.title}: an update to a node port that is taken succeeded`);
      differences.push(...(await finish(stage, `after a failed up of ${first.title}`, second, first)));
    }
    return differences;
  },
};

/** All services are made anew: enough to be interrupted in. */
const LONG: Edit = { name: 'all tags', set: { 'services.tag': 'v2' } };

/** The same, of an update that was ended, by Ctrl-C or for good. */
export const INTERRUPTED_UP: Scenario = {
  name: 'interrupted-up',
  title: 'after Ctrl-C and kill -9 of an update of either both see the same left to do, and the other does it',
  async run(stage) {
    const differences: Difference[] = [];
    for (const { first, second } of turns(stage)) {
      for (const signal of ['SIGINT', 'SIGKILL'] as const) {
        await restore(stage);
        await stage.workspace.configure((sections) => apply(sections, LONG));
        stage.say(`an update of ${first.title}, ended by ${signal}`);
        await interrupt(first, signal);
        if (signal === 'SIGKILL') await first.run('cancel', ...(first.name === 'cli' ? ['--yes'] : []));
        differences.push(...(await finish(stage, `after ${signal} of an up of ${first.title}`, second, first)));
      }
    }
    return differences;
  },
};

/** Starts an update, and ends it once it has changed something. */
async function interrupt(engine: Engine, signal: NodeJS.Signals): Promise<void> {
  const child = engine.start(...upArgs(engine));
  const end = ended(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (/Deployment .*updat/.test(said)) child.kill(signal);
  });
  child.stderr.resume();
  if ((await end) === 0) throw new Error(`${engine.title}: an update was over before it could be ended\n${said}`);
}

/** What both see left to do; then one does it, and the other finds nothing. */
async function finish(stage: Stage, where: string, by: Engine, other: Engine): Promise<Difference[]> {
  const left = await comparePreviews(stage, where);
  stage.say(`${where}: up by ${by.title}`);
  await up(by);
  return [...left, ...(await unchanged(stage, other, `${where}, then up by ${by.title}`))];
}
