/** What node's codes mean to who wrote the kubeconfig. */
const meanings: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up at the moment',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'the host does not answer',
  EPROTO: 'what answers there does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers there does not speak TLS',
  HPE_INVALID_CONSTANT: 'what answers there does not speak HTTP',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: "its certificate is not valid yet: check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for other names: set tls-server-name in the kubeconfig if it is the right server',
};

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** As the library for proxies says it. */
const PROXY_TIMEOUT = 'Proxy timeout';

/** A request that was given up. */
export class SilenceError extends Error {
  constructor(seconds: number) {
    super(`no answer for ${seconds} s`);
    this.name = 'SilenceError';
  }
}

export const isSilence = (error: unknown) =>
  error instanceof SilenceError || (error instanceof Error && error.message === PROXY_TIMEOUT);

/** An answer that no API server gives: a login page, say. */
export class ForeignAnswerError extends Error {
  constructor(code: number) {
    super(`what answers there is no Kubernetes API server (HTTP ${code}, not JSON)`);
    this.name = 'ForeignAnswerError';
  }
}

/** Why a connection failed, in words. */
export function connectionProblem(error: unknown): string {
  if (error instanceof SilenceError || error instanceof ForeignAnswerError) return error.message;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const meaning = meanings[code];
  if (meaning !== undefined) return `${meaning} (${code})`;
  if (untrusted.has(code)) {
    return `its certificate is not signed by the kubeconfig's certificate-authority (${code}): the cluster was made anew, or something stands in between`;
  }
  if (code.includes('ALERT') && /CERTIFICATE|UNKNOWN_CA/.test(code))
    return `it refuses the client certificate (${code})`;
  if (code.startsWith('ERR_SSL')) return `TLS with it fails (${code})`;
  if (message === PROXY_TIMEOUT) return 'the proxy does not answer';
  const ofProxy = /^Bad response: (\d+)$/.exec(message)?.[1];
  if (ofProxy !== undefined) return `the proxy refuses to connect to it (HTTP ${ofProxy})`;
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}
