import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { parsePlaintext, reviveSecrets } from '../../embedded/engine/state/secret-record';
import type { PropertyMap } from '../../embedded/engine/values/value';

interface ExportedResource {
  type: string;
  custom: boolean;
  inputs?: PropertyMap;
}

export interface ObjectCount {
  /** Resources of the stack. */
  resources: number;
  /** Objects that kubectl can apply. */
  objects: number;
}

/**
 * Writes the Kubernetes objects of a stack to a file that kubectl can read, in the order in which they were made.
 *
 * @param exported path of what `stack export --show-secrets` wrote
 * @param file for its owner only: Secrets are in it
 */
export async function writeObjects(exported: string, file: string): Promise<ObjectCount> {
  const { deployment } = JSON.parse(await readFile(exported, 'utf8')) as {
    deployment: { resources: ExportedResource[] };
  };
  const objects = deployment.resources.filter(isObject).map(({ inputs = {} }) => withPlainSecrets(inputs));
  // kubectl reads YAML 1.1, where a bare yes is a boolean.
  await writeFile(file, objects.map((object) => stringify(object, { version: '1.1' })).join('---\n'), { mode: 0o600 });
  return { resources: deployment.resources.length, objects: objects.length };
}

/** A patch is a part of an object that others made: nothing that kubectl could create. */
const isObject = ({ type, custom }: ExportedResource) =>
  custom && type.startsWith('kubernetes:') && !type.endsWith('Patch');

const withPlainSecrets = (inputs: PropertyMap) =>
  reviveSecrets(inputs, (content) => {
    if ('plaintext' in content) return parsePlaintext(content.plaintext);
    throw new Error('the state was exported without its secrets');
  });
