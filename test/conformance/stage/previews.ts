import { type Difference, differencesOf, NOTHING } from '../compare/difference';
import { diagnosticsOf, planOf } from '../compare/plan';
import type { EngineResult } from '../../integration/harness/workspace';
import type { Engine } from './engine';
import type { Stage } from './stage';

const PREVIEW = ['preview', '--json'] as const;

/** What either engine would change where nothing is to be changed. */
export async function unchanged(
  stage: Stage,
  engine: Engine,
  where: string,
  ...options: string[]
): Promise<Difference[]> {
  stage.say(`${where}: preview by ${engine.title}`);
  const result = await engine.run(...PREVIEW, ...options);
  const found = new Map([...planOf(documentOf(engine, result)), ...diagnosticsOf(result.stdout)]);
  if (result.code !== 0) found.set('exit code', String(result.code));
  return [...found].map(([subject, text]): Difference => {
    const sides = { embedded: NOTHING, cli: NOTHING, [engine.name]: text };
    return { where: [where, ...options].join(' '), subject, ...sides };
  });
}

/** How previews of the same change by both differ: what they would do, what they say, and how they end. */
export async function comparePreviews(stage: Stage, where: string, ...options: string[]): Promise<Difference[]> {
  stage.say(where);
  const [embedded, cli] = await Promise.all(
    [stage.embedded, stage.cli].map(async (engine) => summaryOf(engine, await engine.run(...PREVIEW, ...options))),
  );
  const differences = differencesOf(where, embedded ?? new Map(), cli ?? new Map());
  for (const { subject } of differences) stage.say(`  differs: ${subject}`);
  return differences;
}

function summaryOf(engine: Engine, result: EngineResult): ReadonlyMap<string, string> {
  const document = documentOf(engine, result);
  const ending = result.code === 0 ? 'succeeds' : 'fails';
  return new Map([...planOf(document), ...diagnosticsOf(document), ['ending', ending]]);
}

function documentOf({ title }: Engine, { code, stdout, stderr }: EngineResult): string {
  if (stdout.trimStart().startsWith('{')) return stdout;
  throw new Error(`${title}: preview ended with ${code} and without JSON\n${stdout}\n${stderr}`);
}
