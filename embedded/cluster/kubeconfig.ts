import type { Target } from '../../kubernetes-api';

/** The context under which the embedded cluster is known to Pulumi and kubectl. */
export const CONTEXT_NAME = 'aios-embedded';

export interface KubeconfigValues {
  /** https://127.0.0.1:PORT */
  readonly server: string;
  /** PEM. Whoever uses the kubeconfig trusts this and nothing else. */
  readonly certificateAuthority: string;
  readonly user: string;
  readonly token: string;
}

/** A kubeconfig with one cluster, one user and one context. It holds a secret. */
export function kubeconfig({ server, certificateAuthority, user, token }: KubeconfigValues): string {
  return `# Written by embedded/cluster at every start.
apiVersion: v1
kind: Config
current-context: ${CONTEXT_NAME}
clusters:
  - name: ${CONTEXT_NAME}
    cluster:
      server: ${server}
      certificate-authority-data: ${Buffer.from(certificateAuthority).toString('base64')}
users:
  - name: ${user}
    user:
      token: ${token}
contexts:
  - name: ${CONTEXT_NAME}
    context:
      cluster: ${CONTEXT_NAME}
      user: ${user}
`;
}

/** What the kubeconfig says, for this process. */
export function apiTarget({ server, certificateAuthority, user, token }: KubeconfigValues): Target {
  const entry = { name: CONTEXT_NAME, directory: '.' };
  const authority = Buffer.from(certificateAuthority).toString('base64');
  return {
    context: CONTEXT_NAME,
    namespace: undefined,
    cluster: { ...entry, settings: { server, 'certificate-authority-data': authority } },
    user: { ...entry, name: user, settings: { token } },
  };
}
