import type { Fields } from '../check/fields';
import { type Properties, reveal } from '../wire/value';

/** The inputs of a DataPlacement: {@link file://../../resources/data-placement.ts} says what they mean. */
export interface PlacementFacts {
  section: string;
  statefulSet: string;
  namespace: string;
  /** Of one of the databases alone: a change of it is one fault. */
  network?: string;
  /** Absent: cluster.local. */
  domain?: string;
  /** Absent: the stack has made the database itself. */
  adopted?: { authentication: string; manager: string };
  /** Absent in records from before it was recorded. */
  replicas?: number;
  /** Absent in records from before there were rotations. */
  rotate?: number;
  /** Absent: plain text. */
  tls?: { secret: string; mode: string };
  /** Of MongoDB; absent where the image does not tell, too. */
  release?: string;
  size: { text: string; bytes: number };
  storageClass?: string;
  localPath?: string;
  nodes?: readonly string[];
  hosts?: { labels: Readonly<Record<string, string>>; named: readonly string[] };
  stopped: boolean;
  protect: boolean;
  unsafe: { moveStorage: boolean; moveMembers: boolean; singleMember?: boolean; sharedHosts?: boolean };
}

/** Examines the form of the inputs. */
export function checkForm(fields: Fields): void {
  const names = ['section', 'statefulSet', 'namespace'];
  const settings = [
    'network',
    'domain',
    'adopted',
    'replicas',
    'rotate',
    'tls',
    'release',
    'size',
    'storageClass',
    'localPath',
    'nodes',
    'hosts',
    'stopped',
    'protect',
    'unsafe',
  ];
  fields.only([...names, ...settings]);
  for (const key of names) fields.text(key, { must: 'be a name', pattern: /\S/ });
  const size = fields.object('size');
  size?.only(['text', 'bytes']).text('text', { must: 'be a size', pattern: /\S/ });
  if (fields.valueOf('replicas') !== undefined) fields.integer('replicas', { least: 1, most: 50 });
  if (fields.valueOf('rotate') !== undefined) fields.integer('rotate', { least: 0, most: 10_000 });
  size?.number('bytes', { must: 'be a number of bytes' });
  for (const key of ['network', 'domain', 'release', 'storageClass', 'localPath'])
    fields.text(key, { must: 'be a text', optional: true });
  if (fields.valueOf('nodes') !== undefined) fields.list('nodes');
  if (fields.valueOf('hosts') !== undefined) fields.object('hosts')?.only(['labels', 'named']);
  fields.object('adopted', { optional: true })?.only(['authentication', 'manager']);
  fields.object('tls', { optional: true })?.only(['secret', 'mode']);
  for (const key of ['stopped', 'protect']) fields.flag(key);
  fields.object('unsafe')?.only(['moveStorage', 'moveMembers', 'singleMember', 'sharedHosts']);
}

/** The inputs, whose form was examined when they were recorded. */
export const factsOf = (inputs: Properties): PlacementFacts => reveal(inputs) as unknown as PlacementFacts;
