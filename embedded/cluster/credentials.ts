import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readIfPresent, writePrivate } from '../shared/files/private-file';
import { kubeconfig } from './kubeconfig';
import { RELATIVE, type ClusterFolder } from './paths';

/** The user of the kubeconfig that Pulumi and people use. */
export const ADMIN_USER = 'aios-admin';

/** Users of the API server. All are administrators: they are one person's processes, and read each other's files anyway. */
export const USERS = [ADMIN_USER, 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

type User = (typeof USERS)[number];

export type Tokens = Readonly<Record<User, string>>;

/** @returns undefined if the file is absent or lacks a user */
export async function readTokens({ root }: ClusterFolder): Promise<Tokens | undefined> {
  const content = await readIfPresent(path.join(root, RELATIVE.tokens));
  return content === undefined ? undefined : parseTokens(content);
}

/** @param content lines of TOKEN,USER,UID,"GROUPS", as kube-apiserver --token-auth-file wants them */
export function parseTokens(content: string): Tokens | undefined {
  const tokens: Partial<Record<string, string>> = {};
  for (const line of content.split('\n')) {
    const [token, user] = line.split(',');
    if (token && user) tokens[user] = token;
  }
  return USERS.every((user) => tokens[user]) ? (tokens as Tokens) : undefined;
}

/** Random tokens for all users, kept as long as the cluster's data. */
export async function ensureTokens(folder: ClusterFolder): Promise<Tokens> {
  const known = await readTokens(folder);
  if (known) return known;
  const tokens = Object.fromEntries(USERS.map((user) => [user, randomBytes(32).toString('hex')])) as Tokens;
  await writePrivate(path.join(folder.root, RELATIVE.tokens), formatTokens(tokens));
  return tokens;
}

export function formatTokens(tokens: Tokens): string {
  return USERS.map((user) => `${tokens[user]},${user},${user},"system:masters"\n`).join('');
}

/** What each kubeconfig is to contain: the administrator's, and one for each component that calls the API server. */
export function kubeconfigs(
  folder: ClusterFolder,
  server: string,
  certificateAuthority: string,
  tokens: Tokens,
): { file: string; content: string }[] {
  return USERS.map((user) => ({
    file: user === ADMIN_USER ? folder.kubeconfig : path.join(folder.root, RELATIVE.kubeconfigOf(user)),
    content: kubeconfig({ server, certificateAuthority, user, token: tokens[user] }),
  }));
}
