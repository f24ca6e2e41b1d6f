import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { withOpenPage } from './open-page';

const FILE = path.join(__dirname, '../../../golden/reports/several.html');
const PAGE = readFileSync(FILE, 'utf8');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** The page after a script has run in it; the page itself forbids any. */
function run(script: string, options: readonly string[] = []): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aios-page-'));
  try {
    const open = PAGE.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    const file = path.join(folder, 'page.html');
    writeFileSync(
      file,
      open.replace('</body>', () => `<script>${AXE}</script><script>${script}</script></body>`),
    );
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--virtual-time-budget=20000',
      `--user-data-dir=${folder}/profile`,
    ];
    const url = pathToFileURL(file).href;
    const dom = execFileSync(chromium ?? '', [...args, ...options, '--dump-dom', url], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, result = ''] = /<title>result:(.*?)<\/title>/s.exec(dom) ?? [];
    return Buffer.from(result, 'base64').toString();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const TELL =
  'const tell = (value) => { document.title = "result:" + btoa(unescape(encodeURIComponent(JSON.stringify(value)))); };';

// Without chromium (Debian's package of that name) there is nothing to look with.
const inChromium = chromium === undefined ? describe.skip : describe;

inChromium('the page in chromium', () => {
  test.each([
    ['light', []],
    ['dark', ['--blink-settings=preferredColorScheme=0']],
    ['narrow', ['--window-size=400,800']],
  ])('has no fault that axe finds, %s', (_, options) => {
    const script = `${TELL}
      document.querySelectorAll('details').forEach((one) => { one.open = true; });
      axe.run().then(({ violations }) => tell({ dark: matchMedia('(prefers-color-scheme: dark)').matches,
        violations: violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]) }));`;
    const { violations, dark } = JSON.parse(run(script, options)) as { violations: unknown[]; dark: boolean };
    expect(violations).toEqual([]);
    expect(dark).toBe(options.some((option) => option.includes('ColorScheme')));
  });

  test('is no wider than a narrow window: what is wider scrolls by itself, and can be reached with the keyboard', () => {
    const script = `${TELL} tell({ wide: document.documentElement.scrollWidth > innerWidth,
      stuck: [...document.querySelectorAll('.scroll')].filter((one) => one.tabIndex !== 0).length });`;
    expect(JSON.parse(run(script, ['--window-size=500,800']))).toEqual({ wide: false, stuck: 0 });
  });

  test('can be read with the keyboard alone: Tab reaches all in order and shows where it is, Enter opens what is folded', async () => {
    await withOpenPage(chromium ?? '', pathToFileURL(FILE).href, async ({ press, look }) => {
      const stops = (await look(`stops = [...document.querySelectorAll('a[href], [tabindex="0"], summary')];
        stops.length`)) as number;
      for (let stop = 0; stop < stops; stop++) {
        await press('Tab');
        const here = `document.activeElement === stops[${stop}]
          && getComputedStyle(stops[${stop}]).outlineStyle === 'solid' && stops[${stop}].getBoundingClientRect().left >= 0`;
        expect([stop, await look(here)]).toEqual([stop, true]);
        if (await look(`stops[${stop}].matches('summary')`)) await press('Enter');
      }
      expect(await look(`[...document.querySelectorAll('details')].map(({ open }) => open)`)).toEqual([
        true,
        true,
        true,
      ]);
    });
  });

  test('folds nothing on paper, where nobody can open it', async () => {
    await withOpenPage(chromium ?? '', pathToFileURL(FILE).href, async ({ look, onPaper }) => {
      const seen = `[...document.querySelectorAll('details > section')].filter((one) => one.checkVisibility()).length`;
      const all = `document.querySelectorAll('details > section').length`;
      expect(await look(`${all} > 0 && ${seen} === 0`)).toBe(true);
      await onPaper();
      expect(await look(`${seen} === ${all}`)).toBe(true);
    });
  });
});

test('reaches nothing outside and runs nothing', () => {
  const own = PAGE.replaceAll('http://www.w3.org/2000/svg', '');
  expect(own).toContain('default-src &#39;none&#39;');
  expect(own).not.toMatch(/<script|<link|<iframe|<img|\ssrc=|\son\w+=|@import|url\(/);
});
