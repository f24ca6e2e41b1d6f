import { LastWords } from '../../../../../../embedded/engine/providers/plugin/last-words';

function heard(text: string): string {
  const words = new LastWords(3);
  for (const line of text.split('\n')) words.hear(line);
  return words.text;
}

test('of an error that nobody caught, its message is left', () => {
  const text = `/work/policies/provider/index.ts:12
  throw new Error('the gateway is not configured');
        ^

Error: the gateway is not configured
    at Object.<anonymous> (/work/policies/provider/index.ts:12:9)
    at Module._compile (node:internal/modules/cjs/loader:1554:14) {
  code: 'E_GATEWAY',
}

Node.js v20.19.0`;
  expect(heard(text)).toBe('Error: the gateway is not configured');
});

test('what a plugin writes of itself stays, the last lines of it', () => {
  expect(heard('one\ntwo\nthree at 4:5\nfour')).toBe('two\nthree at 4:5\nfour');
});
