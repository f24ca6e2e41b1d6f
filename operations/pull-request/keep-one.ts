import type { Forge } from './forge';

/** The first line of what we write, by which it is found again: invisible, as Markdown has it. */
const marker = (name: string) => `<!-- aios-network: ${name} -->`;

/** A report has its mark already. */
const marked = (name: string, body: string) => (body.startsWith(marker(name)) ? body : `${marker(name)}\n${body}`);

const isMarked =
  (name: string) =>
  ({ body }: { body: string }) =>
    body.startsWith(marker(name));

/**
 * Writes the one comment of its name below a pull request: the first time a new one, from then on over the old one.
 * @param name of the comment, such as "preview"
 * @returns whether there was one
 */
export async function keepComment(forge: Forge, pullRequest: string, name: string, body: string): Promise<boolean> {
  const existing = (await forge.comments(pullRequest)).find(isMarked(name));
  if (existing === undefined) await forge.addComment(pullRequest, marked(name, body));
  else if (existing.body !== marked(name, body)) await forge.editComment(pullRequest, existing.id, marked(name, body));
  return existing !== undefined;
}

/** What became of an issue. */
export type IssueOutcome = 'opened' | 'updated' | 'closed' | 'none';

/**
 * Keeps the one open issue of its name: opened when there is something to say, written over while there is, and closed when
 * there is nothing any more.
 * @param body undefined: nothing to say
 * @param farewell what is said as it is closed
 */
export async function keepIssue(
  forge: Forge,
  { name, title, body, farewell }: { name: string; title: string; body: string | undefined; farewell: string },
): Promise<IssueOutcome> {
  const existing = (await forge.openIssues()).find(isMarked(name));
  if (body === undefined) {
    if (existing === undefined) return 'none';
    await forge.closeIssue(existing.number, farewell);
    return 'closed';
  }
  if (existing === undefined) {
    await forge.openIssue(title, marked(name, body));
    return 'opened';
  }
  await forge.editIssue(existing.number, marked(name, body));
  return 'updated';
}
