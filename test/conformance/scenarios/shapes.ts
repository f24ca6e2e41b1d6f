import { type Difference, differencesOf } from '../compare/difference';
import { shapeOf } from '../compare/shape';
import type { Scenario } from '../scenario';
import { type Engine, succeed } from '../stage/engine';
import type { Stage } from '../stage/stage';

/** What is printed of a state: to the byte. */
const TEXTS = [
  ['stack', 'output'],
  ['stack', 'output', '--json'],
  ['stack', 'output', '--json', '--show-secrets'],
  ['stack', 'output', 'registry', '--json', '--show-secrets'],
  ['stack', 'output', 'services'],
  ['stack', 'export'],
  ['stack', 'export', '--show-secrets'],
] as const;

/** What fails, or has nothing to do. */
const ENDINGS = [
  ['preview', '--expect-no-changes'],
  ['preview', '--expect-no-changes', '--json'],
  ['preview', '--diff'],
  ['preview', '--diff', '--refresh'],
  ['up'],
  ['preview', '--no-such-option'],
  ['preview', '--parallel', 'many'],
  ['preview', 'too', 'much'],
  ['stack', 'output', 'no-such-output'],
] as const;

/** A reader written for the CLI does not notice which of them wrote what it reads. */
export const SHAPES: Scenario = {
  name: 'shapes',
  title: 'JSON of previews and updates, outputs, exports and exit codes have one shape',
  async run(stage) {
    const differences: Difference[] = [];
    for (const args of TEXTS) differences.push(...(await compare(stage, args, text)));
    await stage.workspace.configure((sections) => {
      sections.gateway = { ...sections.gateway, image: `${String(sections.gateway?.image)}-next` };
    });
    for (const args of ENDINGS) differences.push(...(await compare(stage, args, ending)));
    differences.push(...(await compare(stage, ['preview', '--json'], document)));
    differences.push(...(await compare(stage, ['refresh', '--preview-only', '--json'], document)));
    differences.push(...(await compareUpdates(stage)));
    return differences;
  },
};

type Look = (engine: Engine, args: readonly string[]) => Promise<ReadonlyMap<string, string>>;

async function compare({ embedded, cli, say }: Stage, args: readonly string[], look: Look): Promise<Difference[]> {
  const where = args.join(' ');
  say(where);
  return differencesOf(where, await look(embedded, args), await look(cli, args));
}

const text: Look = async (engine, args) => new Map([['text', await succeed(engine, ...args)]]);

const ending: Look = async (engine, args) => new Map([['exit code', String((await engine.run(...args)).code)]]);

const document: Look = async (engine, args) => shapeOf(JSON.parse(await succeed(engine, ...args)));

/** One goes to the other image of the gateway, the other back. */
async function compareUpdates({ embedded, cli, workspace, say }: Stage): Promise<Difference[]> {
  const where = 'up --skip-preview --json';
  say(where);
  const there = await events(embedded);
  await workspace.configure(() => undefined);
  return differencesOf(where, there, await events(cli));
}

/** The shapes of the events of steps, and of those about the run. */
async function events(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const lines = (await succeed(engine, 'up', '--skip-preview', '--json')).trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const compared = told.filter((event) => !('diagnosticEvent' in event) && !('stdoutEvent' in event));
  return new Map(compared.flatMap((event) => [...shapeOf(event)].filter(([, type]) => type !== 'null')));
}
