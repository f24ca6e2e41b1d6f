import { deployment, htmlOf, markdownOf, type RawStep } from './plans';

const HOSTILE = [
  ['a cell of a table', 'a | b || c'],
  ['code', 'a ` b `` c ``` d'],
  ['a script', '<script>alert(1)</script>'],
  ['an image', '<img src=x onerror=alert(1)>'],
  ['an attribute', '" onmouseover="alert(1)" x="'],
  ['a mention', '@octocat and @org/team'],
  ['an issue', 'fixes #1'],
  ['a link', 'a](http://evil.example) ![b](http://evil.example)'],
  ['a line', 'a\n\n# Approved\n- [x] done'],
  ['a comment', '<!-- aios-network: preview --> -->'],
  ['the end of the diff', '</details>'],
  ['another direction', 'a\u202Eb\u2066c'],
  ['characters of no width', 'a\u200Bb\uFEFFc'],
  ['terminal', 'a\u001B[31mb'],
] as const;

const template = (image: string) => ({ template: { spec: { containers: [{ name: 'parser', image }] } } });

/** The text wherever others' texts are shown. */
const facts = (text: string) => ({
  keys: [{ path: text, before: text, after: text, replaces: false }],
  decisions: {
    stack: 'trial',
    replayed: 1,
    changes: [
      {
        action: text,
        cluster: text,
        request: text,
        before: { verdict: 'allowed' as const, reason: text },
        after: { verdict: 'denied' as const, reason: text },
        count: 1,
      },
    ],
    problems: [{ policy: text, text }],
  },
  findings: {
    stack: 'trial',
    findings: [{ rule: text, enforcement: 'mandatory' as const, message: text, urn: `a::${text}`, remedy: text }],
  },
});
const steps = (text: string): RawStep[] => [
  deployment(template('x:1'), template(text), text),
  { op: 'replace', type: text, name: text, before: { [text]: 'a' }, after: { [text]: text } },
];

/** All of the comment that a forge reads as Markdown: not what stands between fences. */
const outsideFences = (markdown: string) => markdown.replace(/^(`{3,})diff\n[^]*?\n\1$/gm, '');

describe.each(HOSTILE)('a text that would be %s', (_, text) => {
  test('is a text in the comment', () => {
    const comment = markdownOf(steps(text), facts(text));
    const structure = outsideFences(comment).replace(/<code>.*?<\/code>/g, '');
    expect(structure).toBe(outsideFences(markdownOf(steps('plain'), facts('plain'))).replace(/<code>.*?<\/code>/g, ''));
    const shown = outsideFences(comment).match(/(?<=<code>).*?(?=<\/code>)/g) ?? [];
    expect(shown.filter((code) => /[<>|`@[\](){}!*_~#\n"]/.test(code.replace(/&#\d+;/g, '')))).toEqual([]);
    expect(comment).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  });

  test('stays inside of its fence in the diff', () => {
    const lines = markdownOf(steps(text)).split('\n');
    const fences = lines.filter((line) => /^`{3,}(diff)?$/.test(line));
    expect(fences.length % 2).toBe(0);
    // What opens a fence is closed by as many backticks, and no line within has as many.
    expect(
      fences.map((fence) => fence.replace('diff', '')).filter((fence, at, all) => fence !== all[at - (at % 2)]),
    ).toEqual([]);
  });

  test('is a text in the page', () => {
    const tags = (page: string) => page.match(/<[^>]*>/g)?.map((tag) => tag.split(/[ >]/)[0]) ?? [];
    const page = htmlOf(steps(text), facts(text));
    expect(tags(page)).toEqual(tags(htmlOf(steps('plain'), facts('plain'))));
    expect(page).not.toMatch(/<[^>]*\son\w+=/);
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/u);
  });
});

test('a very long name does not crowd out everything else', () => {
  const long = 'n'.repeat(100_000);
  const comment = markdownOf([deployment(template('x:1'), template('x:2')), ...steps(long)]);
  expect(comment.length).toBeLessThan(65_536);
  expect(comment).toContain('<code>parser</code>');
});
