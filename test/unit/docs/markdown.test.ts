import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import packageJson from '../../../package.json';

const ROOT = path.join(__dirname, '../../..');
const HOUSES = ['docs', 'embedded', 'examples', 'infra', 'operations', 'policies', 'stacks', 'test'];

const makefile = readFileSync(path.join(ROOT, 'Makefile'), 'utf8');
const targets = [...makefile.matchAll(/^([a-z][a-z-]*):.* ## /gm)].map(([, target]) => target ?? '');

const pages = ['.', ...HOUSES].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join(folder, file)),
);

const read = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');

/** A page without its blocks of code. */
const prose = (page: string) => read(page).replaceAll(/^( *)```[^]*?^\1```$/gm, '');

/** What a page quotes as code, inline or line by line of a block. */
function quoted(page: string): string[] {
  const blocks = [...read(page).matchAll(/^ *```(?:sh)?\n([^]*?)^ *```$/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  return [...blocks, ...[...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)];
}

/** The anchors of a page as GitHub makes them of its headings. */
function anchors(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Why a link leads nowhere. */
function fault(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || anchors(target).includes(anchor)) return undefined;
  return `${link}: ${target} has no heading #${anchor}`;
}

test('there are pages to look at', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/rules.md', 'embedded/engine/README.md']));
});

describe.each(pages)('%s', (page) => {
  test('links to what there is', () => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.map((link) => fault(page, link)).filter(Boolean)).toEqual([]);
  });

  test('names make targets that there are', () => {
    const named = quoted(page).flatMap((line) => /^(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)/.exec(line)?.[1] ?? []);
    expect(named.filter((target) => !targets.includes(target))).toEqual([]);
  });

  test('names files that there are', () => {
    const places = quoted(page).filter(
      (text) => /^[\w.-]+(?:\/[\w.-]+)*\/?$/.test(text) && HOUSES.includes(text.split('/')[0] ?? ''),
    );
    expect(places.filter((place) => !existsSync(path.join(ROOT, place)))).toEqual([]);
  });
});

test('every make target is one of npm, and is made whatever folder there is of its name', () => {
  const others = targets.filter((target) => target !== 'help');
  expect(packageJson.scripts).toEqual(Object.fromEntries(others.map((target) => [target, `make ${target}`])));
  const database = spawnSync('make', ['--print-data-base', '--dry-run', 'help'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).stdout;
  const phony = /^\.PHONY: (.*)$/m.exec(database)?.[1]?.split(' ');
  expect(phony).toEqual(expect.arrayContaining(targets));
});
