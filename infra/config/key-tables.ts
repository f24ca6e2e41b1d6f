import { z } from 'zod';
import { SECTIONS } from './sections';

/** A part of a section's JSON schema, as far as the tables read it. */
interface Part {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  secret?: boolean;
  keysAre?: string;
  properties?: Record<string, Part>;
  required?: string[];
  additionalProperties?: Part | false;
  items?: Part;
  anyOf?: Part[];
}

interface Key {
  name: string;
  part: Part;
  required: boolean;
}

/** The tables of docs/configuration.md, by the name that stands in their marker. */
export function keyTables(): Record<string, string> {
  const keys = Object.entries(SECTIONS).map(([name, schema]) => {
    const part = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as Part;
    return [name, membersOf({ name: '', part, required: false }).flatMap(rowsOf)] as const;
  });
  const all = keys.flatMap(([section, list]) => list.map((key) => ({ ...key, name: `${section}.${key.name}` })));
  const listed = (list: Key[]) =>
    table(
      ['key', 'meaning'],
      list.map(row).map(([name = '', , meaning = '']) => [name, meaning]),
    );
  return {
    ...Object.fromEntries(
      keys.map(([section, list]) => [section, table(['key', 'default', 'meaning'], list.map(row))]),
    ),
    secrets: listed(all.filter(({ part }) => part.secret === true)),
    switches: listed(all.filter(({ name }) => name.includes('.unsafe.'))),
  };
}

/**
 * A page with its tables replaced by those of the schemas. A table stands between `<!-- keys: NAME -->` and
 * `<!-- end of keys -->`; what is outside of those is written by hand.
 * @throws Error where a marker names no table
 */
export function withKeyTables(page: string, tables = keyTables()): string {
  return page.replaceAll(
    /(<!-- keys: (\S+) -->\n)[^]*?(<!-- end of keys -->)/g,
    (_, begin: string, name: string, end: string) => {
      const text = tables[name];
      if (text === undefined) throw new Error(`there is no table ${name}, only ${Object.keys(tables).join(', ')}`);
      return `${begin}\n${text}\n\n${end}`;
    },
  );
}

/** The key and all that it holds, as rows; an object that is always there is told by what is in it. */
function rowsOf({ name, part, required }: Key): Key[] {
  if (part.additionalProperties && part.keysAre !== undefined) {
    const { description, keysAre, additionalProperties: entry } = part;
    return rowsOf({ name: `${name}.<${keysAre}>`, part: { ...entry, ...(description && { description }) }, required });
  }
  const members = membersOf({ name, part, required }).flatMap(rowsOf);
  const isTold = part.description === undefined || (part.properties !== undefined && part.default !== undefined);
  return isTold ? members : [{ name, part, required }, ...members];
}

/** What has a name of its own below a key: the properties of an object, be it one of several forms or in a list. */
function membersOf({ name, part }: Key): Key[] {
  const form = part.anyOf?.find(({ properties }) => properties !== undefined) ?? part;
  if (form.items) return membersOf({ name: `${name}[]`, part: form.items, required: false });
  return Object.entries(form.properties ?? {}).map(([member, of]) => ({
    name: name === '' ? member : `${name}.${member}`,
    part: of,
    required: form.required?.includes(member) ?? false,
  }));
}

function row({ name, part, required }: Key): string[] {
  const { meaning, byDefault } = sentences(part);
  return [code(name), byDefault ?? (required ? 'required' : defaultOf(part)), meaning];
}

/** A description ends with its default where that is not simply a value: "… Default: as kubectl finds it." */
function sentences({ description = '', enum: values }: Part): { meaning: string; byDefault: string | undefined } {
  const [, meaning = '', byDefault] = /^(.*?)(?: ?Default: (.*)\.)?$/s.exec(description) ?? [];
  const oneOf = values ? ` One of ${values.map((value) => code(String(value))).join(', ')}.` : '';
  return { meaning: meaning + oneOf, byDefault };
}

function defaultOf({ default: value }: Part): string {
  if (value === undefined || value === '') return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

const code = (text: string) => `\`${text}\``;

function table(titles: string[], rows: string[][]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

/** Of text outside of code GitHub would take `<N>` for HTML, and everywhere a bar for the next column. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll(/(`[^`]*`)|</g, (_, quoted?: string) => quoted ?? '\\<');
}
