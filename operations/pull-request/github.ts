import { type Comment, type Forge, ForgeError, type Issue } from './forge';
import { ForgeApi } from './http';

interface GitHubComment {
  id: number;
  body: string | null;
  user: { login: string } | null;
}

interface GitHubIssue {
  number: number;
  body: string | null;
  user: { login: string } | null;
  pull_request?: unknown;
}

interface GitHubPull {
  number: number;
  head: { sha: string; repo: { full_name: string } | null };
}

/** What the token of a workflow writes as, where nothing else is said. */
const ACTIONS_BOT = 'github-actions[bot]';

/** A repository on GitHub, by the variables that every workflow has. */
export class GitHub implements Forge {
  private readonly api: ForgeApi;
  private readonly repository: string;
  private readonly login: string;

  /** @throws ForgeError for a variable that is missing */
  constructor(env: NodeJS.ProcessEnv) {
    const { GITHUB_API_URL: url, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token, GITHUB_LOGIN: login } = env;
    if (!url || !repository || !token) {
      throw new ForgeError('GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN must be set, as in a workflow');
    }
    this.api = new ForgeApi(url.replace(/\/+$/, ''), {
      Authorization: `Bearer ${token}`,
      Accept: 'application/vnd.github+json',
      'X-GitHub-Api-Version': '2022-11-28',
    });
    this.repository = `/repos/${repository}`;
    this.login = login ?? ACTIONS_BOT;
  }

  async comments(pullRequest: string): Promise<Comment[]> {
    const all = await this.api.list<GitHubComment>(`${this.repository}/issues/${pullRequest}/comments`);
    return all.filter(this.isOurs).map(({ id, body }) => ({ id: String(id), body: body ?? '' }));
  }

  async addComment(pullRequest: string, body: string): Promise<void> {
    await this.api.send('POST', `${this.repository}/issues/${pullRequest}/comments`, { body });
  }

  async editComment(_pullRequest: string, id: string, body: string): Promise<void> {
    await this.api.send('PATCH', `${this.repository}/issues/comments/${id}`, { body });
  }

  async openIssues(): Promise<Issue[]> {
    const all = await this.api.list<GitHubIssue>(`${this.repository}/issues`, { state: 'open' });
    return all
      .filter((issue) => this.isOurs(issue) && issue.pull_request === undefined)
      .map(({ number, body }) => ({ number: String(number), body: body ?? '' }));
  }

  async openIssue(title: string, body: string): Promise<void> {
    await this.api.send('POST', `${this.repository}/issues`, { title, body });
  }

  async editIssue(number: string, body: string): Promise<void> {
    await this.api.send('PATCH', `${this.repository}/issues/${number}`, { body });
  }

  async closeIssue(number: string, reason: string): Promise<void> {
    await this.addComment(number, reason);
    await this.api.send('PATCH', `${this.repository}/issues/${number}`, { state: 'closed', state_reason: 'completed' });
  }

  /**
   * The open pull request whose newest commit a run was for. A run that a fork's pull request has started names none, and
   * what the run itself left behind could name any.
   * @param head owner:branch, as the event of the run has it
   * @throws ForgeError if there is none, or it has moved on
   */
  async pullRequestOf(head: string, sha: string): Promise<string> {
    const open = await this.api.list<GitHubPull>(`${this.repository}/pulls`, { state: 'open', head });
    const found = open.filter((pull) => pull.head.sha === sha);
    const [pull, ...others] = found;
    if (pull === undefined)
      throw new ForgeError(`no open pull request of ${head} is at ${sha}: it has moved on, or is closed`);
    if (others.length > 0) throw new ForgeError(`${found.length} open pull requests of ${head} are at ${sha}`);
    return String(pull.number);
  }

  private readonly isOurs = ({ user }: { user: { login: string } | null }) => user?.login === this.login;
}
