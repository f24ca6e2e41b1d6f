import { type Comment, type Forge, ForgeError, type Issue } from './forge';
import { ForgeApi } from './http';

interface GitLabNote {
  id: number;
  body: string;
  author: { id: number };
  system: boolean;
}

interface GitLabIssue {
  iid: number;
  description: string | null;
  author: { id: number };
}

/** A project on GitLab, by the variables that every pipeline has, and a token: a job's own may not write comments. */
export class GitLab implements Forge {
  private readonly api: ForgeApi;
  private readonly project: string;
  private user: Promise<number> | undefined;

  /** @throws ForgeError for a variable that is missing */
  constructor(env: NodeJS.ProcessEnv) {
    const { CI_API_V4_URL: url, CI_PROJECT_ID: project, GITLAB_TOKEN: token } = env;
    if (!url || !project || !token) {
      throw new ForgeError(
        'CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN must be set; the last is a project access token with scope api',
      );
    }
    this.api = new ForgeApi(url.replace(/\/+$/, ''), { 'PRIVATE-TOKEN': token });
    this.project = `/projects/${project}`;
  }

  async comments(mergeRequest: string): Promise<Comment[]> {
    const all = await this.api.list<GitLabNote>(`${this.project}/merge_requests/${mergeRequest}/notes`);
    const us = await this.userId();
    return all
      .filter(({ author, system }) => author.id === us && !system)
      .map(({ id, body }) => ({ id: String(id), body }));
  }

  async addComment(mergeRequest: string, body: string): Promise<void> {
    await this.api.send('POST', `${this.project}/merge_requests/${mergeRequest}/notes`, { body });
  }

  async editComment(mergeRequest: string, id: string, body: string): Promise<void> {
    await this.api.send('PUT', `${this.project}/merge_requests/${mergeRequest}/notes/${id}`, { body });
  }

  async openIssues(): Promise<Issue[]> {
    const all = await this.api.list<GitLabIssue>(`${this.project}/issues`, { state: 'opened' });
    const us = await this.userId();
    return all
      .filter(({ author }) => author.id === us)
      .map(({ iid, description }) => ({ number: String(iid), body: description ?? '' }));
  }

  async openIssue(title: string, description: string): Promise<void> {
    await this.api.send('POST', `${this.project}/issues`, { title, description });
  }

  async editIssue(number: string, description: string): Promise<void> {
    await this.api.send('PUT', `${this.project}/issues/${number}`, { description });
  }

  async closeIssue(number: string, reason: string): Promise<void> {
    await this.api.send('POST', `${this.project}/issues/${number}/notes`, { body: reason });
    await this.api.send('PUT', `${this.project}/issues/${number}`, { state_event: 'close' });
  }

  private userId(): Promise<number> {
    this.user ??= this.api.send<{ id: number }>('GET', '/user').then(({ id }) => id);
    return this.user;
  }
}
