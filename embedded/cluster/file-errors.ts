import { UserError } from '../shared/errors';

const problems: Readonly<Partial<Record<string, string>>> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: "this user's share of the disk is used up: make room",
  EACCES: 'this user may not use it: choose another folder',
  EPERM: 'it belongs to another user: choose another folder',
  EROFS: 'it is read-only: choose another folder',
  EEXIST: 'a file is in its place: choose another folder',
  ENOTDIR: 'a file is in its place: choose another folder',
};

/**
 * An error of the file system, as a sentence that says what to do; any other error as it is.
 * @param folder what could not be written
 */
export function explainFileError(error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const problem = code === undefined ? undefined : problems[code];
  return problem === undefined ? error : new UserError(`${folder} cannot be written, ${problem} (${message}).`);
}
