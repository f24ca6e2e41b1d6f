import { explainFileError } from '../../../../embedded/shared/files/file-errors';
import { lastWords } from '../../../../embedded/shared/processes/launch-detached';

test('an error of our own stays what it is', () => {
  const error = new TypeError('bug');
  expect(explainFileError(error, '/folder')).toBe(error);
});

test('a folder that cannot be written is named, with what to do', () => {
  const error = Object.assign(new Error('EROFS: read-only file system, mkdir'), { code: 'EROFS' });
  const explained = explainFileError(error, '/folder') as Error;
  expect(explained.message).toMatch(/^\/folder cannot be written, it is read-only: choose another folder/);
});

test('last words are the end of a log without the stacks of a panic', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
  const words = lastWords(`${lines}\npanic: no data\n\ngoroutine 1 [running]:\nmain.main()\n`);
  expect(words.split('\n').at(0)).toBe('line 19');
  expect(words.split('\n').at(-1)).toBe('panic: no data');
});
