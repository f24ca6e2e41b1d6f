import type { Scenario } from '../scenario';
import { succeed, up } from '../stage/engine';
import { unchanged } from '../stage/previews';

/** Each brings the stack up from nothing, and the other finds nothing to change. */
export const FIRST_UP: Scenario = {
  name: 'first-up',
  title: 'a stack that one has brought up is unchanged to the other, and taken down by it',
  async run(stage) {
    const { embedded, cli, say } = stage;
    const byEmbedded = await unchanged(stage, cli, 'after a first up by the embedded engine');
    say('destroy by the CLI');
    await succeed(cli, 'destroy', '--yes', '--skip-preview');
    say('first up by the CLI');
    await up(cli);
    return [...byEmbedded, ...(await unchanged(stage, embedded, 'after a first up by the CLI'))];
  },
};
