import { UserError, codeOf, messageOf } from '../errors';

const problems: Readonly<Partial<Record<string, string>>> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: "this user's share of the disk is used up: make room",
  EACCES: 'this user may not use it: make it writable, or choose another folder',
  EPERM: 'it belongs to another user: make it writable, or choose another folder',
  EROFS: 'it is read-only: choose another folder',
  EEXIST: 'a file is in its place: choose another folder',
  ENOTDIR: 'a file is in its place: choose another folder',
  EISDIR: 'a folder is in its place: move that away',
};

/** What is wrong and what to do about it, for what users can mend. */
export function fileProblem(error: unknown): string | undefined {
  return problems[codeOf(error) ?? ''];
}

/**
 * An error of the file system, as a sentence that says what to do; any other error as it is.
 * @param folder what could not be written
 */
export function explainFileError(error: unknown, folder: string): unknown {
  const problem = fileProblem(error);
  return problem === undefined
    ? error
    : new UserError(`${folder} cannot be written, ${problem} (${messageOf(error)}).`);
}
