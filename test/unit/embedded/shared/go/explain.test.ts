import { UserError } from '../../../../../embedded/shared/errors';
import { explainGoError } from '../../../../../embedded/shared/go/explain';
import { GoError, isOlder } from '../../../../../embedded/shared/go/toolchain';
import { readRecipe } from '../../../../../embedded/cluster/programs';

const recipe = { ...readRecipe('linux', 'x64'), memory: '4.5 GB' };

const explain = (...output: string[]) => explainGoError(new GoError(output), recipe, '/cache/build.log') as Error;

test.each([
  ['a full disk', 'link: writing output: write $WORK/b001/exe: no space left on device', /disk is full.*Make room/],
  ['no network', 'Get "https://proxy.example/m.zip": dial tcp: lookup: no such host', /could not download.*GOPROXY/],
  ['too little memory', '/go/pkg/tool/link: signal: killed', /ran out of memory.*linking takes 4\.5 GB/],
  [
    'anything else',
    'main.go:1: syntax error',
    /^The control plane could not be built.*syntax error.*\/cache\/build\.log/s,
  ],
])('Go failing for %s is explained', (_, line, sentence) => {
  const explained = explain('go: first line', line, 'last line');
  expect(explained).toBeInstanceOf(UserError);
  expect(explained.message).toMatch(sentence);
});

test('an error of our own stays what it is', () => {
  const error = new TypeError('bug');
  expect(explainGoError(error, recipe, 'log')).toBe(error);
});

test('versions of Go are compared as numbers', () => {
  expect(isOlder('1.9.7', '1.26.0')).toBe(true);
  expect(isOlder('1.25.12', '1.26.0')).toBe(true);
  expect(isOlder('1.26', '1.26.0')).toBe(false);
  expect(isOlder('1.27.1', '1.26.8')).toBe(false);
});
