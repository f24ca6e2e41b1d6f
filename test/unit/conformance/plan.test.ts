import { differencesOf, NOTHING } from '../../conformance/compare/difference';
import { diagnosticsOf, plain, planOf, shortUrn } from '../../conformance/compare/plan';

const urn = (types: string, name: string) => `urn:pulumi:dev::aios-network::${types}::${name}`;
const parser = urn('aios:services:NetworkService$kubernetes:apps/v1:Deployment', 'parser');

describe('a plan', () => {
  it('names what changes, why it is replaced, and the paths in one order', () => {
    const document = {
      steps: [
        { op: 'same', urn: urn('pulumi:pulumi:Stack', 'dev'), detailedDiff: null },
        {
          op: 'update',
          urn: parser,
          detailedDiff: { 'spec.template': { kind: 'update' }, 'metadata.labels.a': { kind: 'add' } },
        },
        {
          op: 'replace',
          urn: urn('kubernetes:core/v1:Secret', 'a::b'),
          replaceReasons: ['metadata.name'],
          detailedDiff: { 'metadata.name': { kind: 'update-replace' } },
        },
      ],
    };
    expect(Object.fromEntries(planOf(JSON.stringify(document)))).toEqual({
      'kubernetes:apps/v1:Deployment parser': 'update +metadata.labels.a ~spec.template',
      'kubernetes:core/v1:Secret a::b': 'replace ~!metadata.name because of metadata.name',
    });
  });

  it('joins the steps of one replacement, in whatever order they come', () => {
    const steps = ['create-replacement', 'delete-replaced', 'replace'].map((op) => ({ op, urn: parser }));
    const plans = [steps, steps.toReversed()].map((some) => [...planOf(JSON.stringify({ steps: some })).values()]);
    expect(plans).toEqual([
      ['create-replacement; delete-replaced; replace'],
      ['create-replacement; delete-replaced; replace'],
    ]);
  });

  it('is empty where a document has no steps', () => {
    expect(planOf('{}').size).toBe(0);
  });
});

describe('diagnostics', () => {
  it('are errors and warnings, without colours and without what only a build of plugins is told', () => {
    const diagnostics = [
      { severity: 'info', message: 'hello' },
      { severity: 'warning', message: 'using pulumi-resource-random from $PATH at /a' },
      { severity: 'warning', message: '<{%fg 3%}>warning: <{%reset%}>careful\n' },
      { severity: 'error', urn: parser, message: '\u001b[31merror: no\u001b[0m' },
    ];
    expect(Object.fromEntries(diagnosticsOf(JSON.stringify({ diagnostics })))).toEqual({
      'said of the stack': 'warning: careful',
      'said of kubernetes:apps/v1:Deployment parser': 'error: no',
    });
  });

  it('take nothing from a text that has no colours', () => {
    expect(plain('100% of <b> {x}')).toBe('100% of <b> {x}');
  });
});

test('a short URN has the last type, and the whole name', () => {
  expect(shortUrn(parser)).toBe('kubernetes:apps/v1:Deployment parser');
});

test('differences are what one side lacks or has otherwise', () => {
  const embedded = new Map([
    ['a', '1'],
    ['b', '2'],
  ]);
  const cli = new Map([
    ['a', '1'],
    ['c', '3'],
  ]);
  expect(differencesOf('here', embedded, cli)).toEqual([
    { where: 'here', subject: 'b', embedded: '2', cli: NOTHING },
    { where: 'here', subject: 'c', embedded: NOTHING, cli: '3' },
  ]);
});
