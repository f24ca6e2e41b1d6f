import { judge, type KnownDifference } from '../../conformance/compare/known';
import { KNOWN_DIFFERENCES } from '../../conformance/known-differences';
import { parseOptions } from '../../conformance/options';
import { findings, isPassed, table } from '../../conformance/report';
import { SCENARIOS } from '../../conformance/scenarios';

const difference = { where: 'an image', subject: 'exit code', embedded: '4', cli: '1' };
const known: KnownDifference = {
  scenario: 'previews',
  subject: /^exit code$/,
  cli: /^1$/,
  reason: 'r',
  documented: 'd',
};

describe('known differences', () => {
  it.each([
    ['is one that all of its patterns match', [known], { unknown: [], known: 1, gone: [] }],
    [
      'is none if one pattern misses, and is then missed itself',
      [{ ...known, embedded: /^1$/ }],
      { unknown: [difference], known: 0, gone: [{ ...known, embedded: /^1$/ }] },
    ],
    [
      'belongs to its scenario, and is not missed in another',
      [{ ...known, scenario: 'first-up' }],
      { unknown: [difference], known: 0, gone: [] },
    ],
  ])('%s', (_, list, verdict) => {
    expect(judge('previews', [difference], list)).toEqual(verdict);
  });

  it('are of scenarios that exist, with a reason and a page', () => {
    const names = SCENARIOS.map(({ name }) => name);
    for (const { scenario, reason, documented } of KNOWN_DIFFERENCES as readonly KnownDifference[]) {
      expect(names).toContain(scenario);
      expect(reason).toMatch(/\S{2}.*\.$/);
      expect(documented).toMatch(/\.(md|ts)/);
    }
  });
});

describe('the report', () => {
  const passed = { name: 'first-up', seconds: 61.4, verdict: { unknown: [], known: 2, gone: [] } };
  const failed = { name: 'previews', seconds: 5, verdict: { unknown: [difference], known: 0, gone: [known] } };
  const broken = { name: 'x', seconds: 0, verdict: { unknown: [], known: 0, gone: [] }, error: 'no cluster\nat all' };

  it('fails on an unknown difference, on a known one that is gone, and on what could not be tried', () => {
    const verdict = { unknown: [], known: 0, gone: [known] };
    expect([passed, failed, broken, { ...passed, verdict }].map(isPassed)).toEqual([true, false, false, false]);
  });

  it('ends with a table and a line that counts', () => {
    expect(table([passed, failed, broken])).toBe(`\
scenario  result                                   seconds
first-up  passed, 2 known                               61
previews  failed: 1 difference, 1 known no longer        5
x         failed: could not be tried                     0

1 passed, 2 failed
`);
  });

  it('says of a difference what either did', () => {
    expect(findings(failed)).toContain('an image: exit code\n    embedded engine: 4\n    pulumi CLI:      1\n');
    expect(findings(broken)).toBe('  no cluster\n  at all\n');
  });
});

describe('the command line', () => {
  it('takes scenarios by name, and refuses others with a list', () => {
    expect(parseOptions(['--only', 'a', '--only', 'b'], ['a', 'b'])).toMatchObject({ only: ['a', 'b'], help: false });
    expect(() => parseOptions(['--only', 'c'], ['a', 'b'])).toThrow('--only c: there are a, b (see --help)');
    expect(() => parseOptions(['--fast'], [])).toThrow(/--fast.*\(see --help\)/);
  });
});
