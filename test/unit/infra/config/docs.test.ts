import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_ENV_SETTINGS } from '../../../../infra/catalogue';
import { CONFIGURATION_PAGE } from '../../../../infra/config/json-schema';
import { keyTables, withKeyTables } from '../../../../infra/config/key-tables';
import { SECTIONS } from '../../../../infra/config/sections';
import { ACTIONS, ACTION_NAMES } from '../../../../policies/actions';

/** A page, with what aligns its tables and breaks its lines reduced to single spaces. */
const read = (page: string) => readFileSync(join(__dirname, '../../../..', page), 'utf8').replaceAll(/\s+/g, ' ');

const page = read('docs/configuration.md');

test('the tables are those of the schemas (`make schema` writes them)', () => {
  const written = readFileSync(CONFIGURATION_PAGE, 'utf8');
  // Prettier aligns the columns.
  const unaligned = (text: string) => text.replaceAll(/ +|-{3,}/g, (run) => (run.startsWith(' ') ? ' ' : '---'));
  expect(unaligned(written)).toBe(unaligned(withKeyTables(written)));
});

test('every section has its table; the two databases share one', () => {
  const tables = keyTables();
  expect(tables.metrics).toBe(tables.registry);
  const shown = [...page.matchAll(/<!-- keys: (\S+) -->/g)].map(([, name]) => name);
  const sections = Object.keys(SECTIONS).filter((section) => section !== 'metrics');
  expect(shown.toSorted()).toEqual([...sections, 'secrets', 'switches'].toSorted());
});

test.each([...GATEWAY_ENV_SETTINGS])('the README maps %s to %s', (variable, setting) => {
  expect(read('README.md')).toContain(`| \`${variable}\` | \`${setting}\` |`);
});

test('the page tells which actions the gateway consults', () => {
  const [, consulted = '', ignored = ''] =
    /asks the policies of ([^.]*)\. It stores those of ([^.]*) and never/.exec(page) ?? [];
  const names = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name).toSorted();
  expect(names(consulted)).toEqual(ACTION_NAMES.filter((action) => ACTIONS[action].consulted.length > 0).toSorted());
  expect(names(ignored)).toEqual(ACTION_NAMES.filter((action) => ACTIONS[action].consulted.length === 0).toSorted());
});
