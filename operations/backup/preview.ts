import { clientText, type Client } from './clients';
import { ageText, type Backup, type Counts, sizeText } from './manifest';

/** What a restore would do. */
export interface Plan {
  readonly stack: string;
  readonly context: string;
  readonly section: string;
  readonly backup: Backup;
  readonly now: Counts;
  readonly clients: readonly Client[];
}

/** What a restore would do, in words and as a table of what is replaced. */
export function previewText({ stack, context, section, backup, now, clients }: Plan, at: Date): string {
  const stop =
    clients.length === 0
      ? 'nothing has to stop: no service of this namespace uses the database'
      : `these stop until it is done, and start again: ${clientText(clients)}`;
  return [
    `Restore of ${section} in stack ${stack} (context ${context})`,
    '',
    `  ${backupText(backup, at)}`,
    `  ${stop}`,
    '  users, roles and every collection of the backup take the place of what is there; what was written since is lost',
    '',
    ...table(backup.collections, now),
    '',
  ].join('\n');
}

/** A backup in a line. */
export function backupText({ name, takenAt, bytes, server }: Backup, at: Date): string {
  return `backup ${name}, ${ageText(takenAt, at)} old, ${sizeText(bytes)} compressed, of MongoDB ${server}`;
}

const HEAD = ['collection', 'now', 'backup', ''];

function table(backedUp: Counts, now: Counts): string[] {
  const names = [...new Set([...Object.keys(backedUp), ...Object.keys(now)])].sort();
  const rows = [
    HEAD,
    ...names.map((name) => [name, countText(now[name]), countText(backedUp[name]), fate(now[name], backedUp[name])]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([name = '', before = '', after = '', what = '']) =>
    [`  ${name.padEnd(widths[0] ?? 0)}`, before.padStart(widths[1] ?? 0), after.padStart(widths[2] ?? 0), what]
      .join('  ')
      .trimEnd(),
  );
}

const countText = (count: number | undefined) => (count === undefined ? '-' : `${count}`);

function fate(now: number | undefined, backedUp: number | undefined): string {
  if (backedUp === undefined) return 'stays: the backup has none';
  return now === undefined ? 'comes back' : 'is replaced';
}
