import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Difference, differencesOf } from '../compare/difference';
import { shortUrn } from '../compare/plan';
import type { Scenario } from '../scenario';
import { type Engine, succeed, up } from '../stage/engine';
import { comparePreviews } from '../stage/previews';
import { type Stage, turns } from '../stage/stage';

const PASSWORD = [
  'config',
  'set',
  '--path',
  '--secret',
  'services.registryCredentials.password',
  'open sesame',
] as const;

/** Secrets stay readable to both, in outputs, state and configuration, and the stack's file stays as it is. */
export const SECRETS: Scenario = {
  name: 'secrets',
  title: "secrets of outputs, state and configuration are readable to both; the stack's file stays as it is",
  async run(stage) {
    const differences: Difference[] = [];
    for (const { first } of turns(stage)) {
      const before = await readFile(stage.workspace.stackFile, 'utf8');
      stage.say(`up by ${first.title}`);
      await up(first);
      differences.push(...(await touched(stage, first, before)));
      differences.push(...(await readByBoth(stage, `after an up by ${first.title}`)));
    }
    return [...differences, ...(await encryptedByCli(stage))];
  },
};

/** What an engine has changed in the stack's file: the CLI may add a salt and lay the file out anew. */
async function touched(stage: Stage, engine: Engine, before: string): Promise<Difference[]> {
  const after = await readFile(stage.workspace.stackFile, 'utf8');
  const isSame =
    engine.name === 'embedded'
      ? after === before
      : JSON.stringify(contents(after)) === JSON.stringify(contents(before));
  if (isSame) return [];
  const sides = { embedded: before, cli: before, [engine.name]: after };
  return [{ where: `an up by ${engine.title}`, subject: "the stack's file", ...sides }];
}

const contents = (text: string): unknown => ({ ...(parse(text) as object), encryptionsalt: undefined });

/** Outputs and state, in plain text. */
async function readByBoth({ embedded, cli, say }: Stage, where: string): Promise<Difference[]> {
  say(`${where}: secrets read by both`);
  const read = async (engine: Engine) => {
    const outputs = await succeed(engine, 'stack', 'output', '--json', '--show-secrets');
    const exported = await succeed(engine, 'stack', 'export', '--show-secrets');
    return new Map([...texts('output', outputs), ...resources(exported)]);
  };
  return differencesOf(where, await read(embedded), await read(cli));
}

const texts = (prefix: string, json: string): [string, string][] =>
  Object.entries(JSON.parse(json) as Record<string, unknown>).map(([key, value]) => [
    `${prefix} ${key}`,
    digestOf(JSON.stringify(value)),
  ]);

interface Export {
  deployment: { resources: { urn: string; outputs?: unknown; inputs?: unknown }[] };
}

const resources = (json: string): [string, string][] =>
  (JSON.parse(json) as Export).deployment.resources.map(({ urn, inputs, outputs }) => [
    `state of ${shortUrn(urn)}`,
    digestOf(JSON.stringify({ inputs, outputs }, decoded)),
  ]);

/** A secret's text is JSON, which each writes with escapes of its own. */
const decoded = (key: string, value: unknown): unknown =>
  key === 'plaintext' && typeof value === 'string' ? JSON.parse(value) : value;

/** Tells values apart without showing them: what differs in a secret stands in no log. */
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

/** A secret that `pulumi config set --secret` has encrypted into the stack's file. */
async function encryptedByCli(stage: Stage): Promise<Difference[]> {
  await stage.workspace.configure((sections) => {
    sections.services = { ...sections.services, registryCredentials: { username: 'ali' } };
  });
  await succeed(stage.cli, ...PASSWORD);
  return comparePreviews(stage, 'a secret in the configuration');
}
