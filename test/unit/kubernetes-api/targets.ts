import type { JsonMap, Target } from '../../../kubernetes-api';

export interface Parts {
  cluster?: JsonMap;
  user?: JsonMap;
  /** Of the kubeconfig. */
  directory?: string;
}

/** What a kubeconfig with one context leads to. */
export const targetOf = (server: string, { cluster = {}, user = {}, directory = '.' }: Parts = {}): Target => ({
  context: 'here',
  namespace: undefined,
  cluster: { name: 'c', settings: { server, ...cluster }, directory },
  user: { name: 'me', settings: user, directory },
});
