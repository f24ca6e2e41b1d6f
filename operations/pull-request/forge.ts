/** A comment of a pull request. */
export interface Comment {
  readonly id: string;
  readonly body: string;
}

/** An issue that is open. */
export interface Issue {
  readonly number: string;
  readonly body: string;
}

/** Where pull requests and issues live: GitHub or GitLab. What it lists is its own account's alone: others can write a marker, too. */
export interface Forge {
  comments(pullRequest: string): Promise<readonly Comment[]>;
  addComment(pullRequest: string, body: string): Promise<void>;
  editComment(pullRequest: string, id: string, body: string): Promise<void>;
  openIssues(): Promise<readonly Issue[]>;
  openIssue(title: string, body: string): Promise<void>;
  editIssue(number: string, body: string): Promise<void>;
  closeIssue(number: string, reason: string): Promise<void>;
}

/** The forge's answer was no success. */
export class ForgeError extends Error {}
