import { explainGoError } from '../../../../embedded/cluster/build';
import { explainFileError } from '../../../../embedded/shared/files/file-errors';
import { GoError, isOlder } from '../../../../embedded/cluster/go-toolchain';
import { lastWords } from '../../../../embedded/shared/processes/launch-detached';
import { UserError } from '../../../../embedded/shared/errors';

const explain = (...output: string[]) => explainGoError(new GoError(output), '/cache/build.log') as Error;

test.each([
  ['a full disk', 'link: writing output: write $WORK/b001/exe: no space left on device', /disk is full.*Make room/],
  ['no network', 'Get "https://proxy.example/m.zip": dial tcp: lookup: no such host', /could not download.*GOPROXY/],
  ['anything else', 'main.go:1: syntax error', /could not be built.*syntax error.*\/cache\/build\.log/s],
])('Go failing for %s is explained', (_, line, sentence) => {
  const explained = explain('go: first line', line, 'last line');
  expect(explained).toBeInstanceOf(UserError);
  expect(explained.message).toMatch(sentence);
});

test('an error of our own stays what it is', () => {
  const error = new TypeError('bug');
  expect(explainGoError(error, 'log')).toBe(error);
  expect(explainFileError(error, '/folder')).toBe(error);
});

test('a folder that cannot be written is named, with what to do', () => {
  const error = Object.assign(new Error('EROFS: read-only file system, mkdir'), { code: 'EROFS' });
  const explained = explainFileError(error, '/folder') as Error;
  expect(explained.message).toMatch(/^\/folder cannot be written, it is read-only: choose another folder/);
});

test('versions of Go are compared as numbers', () => {
  expect(isOlder('1.9.7', '1.26.0')).toBe(true);
  expect(isOlder('1.25.12', '1.26.0')).toBe(true);
  expect(isOlder('1.26', '1.26.0')).toBe(false);
  expect(isOlder('1.27.1', '1.26.8')).toBe(false);
});

test('last words are the end of a log without the stacks of a panic', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
  const words = lastWords(`${lines}\npanic: no data\n\ngoroutine 1 [running]:\nmain.main()\n`);
  expect(words.split('\n').at(0)).toBe('line 19');
  expect(words.split('\n').at(-1)).toBe('panic: no data');
});
