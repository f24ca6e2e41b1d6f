import path from 'node:path';
import { Collection } from './collection';

/** What is stored, a file each. */
export const COLLECTIONS = ['clusters', 'policies', 'executors', 'clusterMetrics', 'infrastructure'] as const;

export type Documents = Readonly<Record<(typeof COLLECTIONS)[number], Collection>>;

/** @throws UserError if what is kept there is damaged */
export async function openDocuments(directory: string): Promise<Documents> {
  const opened = COLLECTIONS.map(async (name) => {
    return [name, await Collection.open(path.join(directory, `${name}.json`))] as const;
  });
  return Object.fromEntries(await Promise.all(opened)) as unknown as Documents;
}
