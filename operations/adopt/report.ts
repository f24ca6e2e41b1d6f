import type { DatabaseKey } from '../../infra/catalogue';
import { columns } from '../columns';
import { someOf } from '../doctor/finding';
import { groupBy } from '../group-by';
import { describeObject } from '../stack-objects/objects';
import type { Installation } from './installed';
import type { InstalledMember } from './members';

/** A database as it was found. */
interface FoundDatabase {
  section: DatabaseKey;
  members: readonly InstalledMember[];
  leftovers: readonly string[];
}

/** What is there, by kind and by database, and what has to be mended before it can be taken over. */
export function report(
  { installed, missing }: Installation,
  databases: readonly FoundDatabase[],
  problems: readonly string[],
): string[] {
  const kinds = groupBy(installed, ({ object }) => object.kind);
  const rows = [...kinds].map(([kind, found]) => {
    const open = found.filter(({ handOver }) => handOver.state === 'open').length;
    return [kind, `${open} to hand over`, `${found.length - open} handed over before`];
  });
  const leftovers = databases.flatMap((database) => database.leftovers);
  return [
    ...columns(rows),
    ...databases.map(
      ({ section, members }) =>
        `${section}: members on ${members.map(({ node }) => node ?? 'no node').join(', ') || 'no node'}`,
    ),
    ...(missing.length > 0 ? [`Not there, and made by make up: ${someOf(missing.map(describeObject))}`] : []),
    ...leftovers.map((command) => `No longer needed: ${command}`),
    ...problems.map((problem) => `PROBLEM ${problem}`),
    ...(problems.length > 0
      ? ['Nothing was changed.']
      : ['Handing over changes who has set the fields of these objects, and nothing else: nothing restarts.']),
  ];
}
