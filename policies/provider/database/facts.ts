import type { Fields } from '../check/fields';
import { type Properties, reveal } from '../wire/value';

/** The inputs of a DataPlacement: {@link file://../../resources/data-placement.ts} says what they mean. */
export interface PlacementFacts {
  section: string;
  statefulSet: string;
  namespace: string;
  /** Of one of the databases alone: a change of it is one fault. */
  network?: string;
  size: { text: string; bytes: number };
  storageClass?: string;
  localPath?: string;
  nodes?: readonly string[];
  stopped: boolean;
  protect: boolean;
  unsafe: { moveStorage: boolean; moveMembers: boolean };
}

/** Examines the form of the inputs. */
export function checkForm(fields: Fields): void {
  const names = ['section', 'statefulSet', 'namespace'];
  const known = [...names, 'network', 'size', 'storageClass', 'localPath', 'nodes', 'stopped', 'protect', 'unsafe'];
  fields.only(known);
  for (const key of names) fields.text(key, { must: 'be a name', pattern: /\S/ });
  const size = fields.object('size');
  size?.only(['text', 'bytes']).text('text', { must: 'be a size', pattern: /\S/ });
  size?.number('bytes', { must: 'be a number of bytes' });
  for (const key of ['network', 'storageClass', 'localPath']) fields.text(key, { must: 'be a text', optional: true });
  if (fields.valueOf('nodes') !== undefined) fields.list('nodes');
  for (const key of ['stopped', 'protect']) fields.flag(key);
  fields.object('unsafe')?.only(['moveStorage', 'moveMembers']);
}

/** The inputs, whose form was examined when they were recorded. */
export const factsOf = (inputs: Properties): PlacementFacts => reveal(inputs) as unknown as PlacementFacts;
