const SERVICE_ACCOUNT = '%SERVICE_ACCOUNT%';
const MARK = '%MARK%';
const PRIMARY_NOTE = '%PRIMARY%';
/** Longest message of an event. */
const MAX_MESSAGE = 1024;
const CONTENT_TYPES = { GET: undefined, POST: 'application/json', PATCH: 'application/merge-patch+json' };

/** Asks the API server, as the account of the pod. Rejects where it does not answer. */
/** @type {(host: Pick<PodHost, 'env' | 'fs' | 'https'>) => (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) => Promise<ApiAnswer>} */
function apiServer({ env, fs, https }) {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  return async (method, path, body) => {
    const token = fs.readFileSync(`${SERVICE_ACCOUNT}/token`, 'utf8').trim();
    const ca = fs.readFileSync(`${SERVICE_ACCOUNT}/ca.crt`);
    const contentType = CONTENT_TYPES[method];
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      return await answerTo(https, { host, port, method, path, headers, ca, timeout: 5000 }, text);
    } catch (error) {
      throw new Error(`the API server at ${host}:${port} does not answer: ${error.message}`, { cause: error });
    }
  };
}

/** @type {(https: PodHost['https'], options: import('node:https').RequestOptions, text: string | undefined) => Promise<ApiAnswer>} */
function answerTo(https, options, text) {
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts).toString('utf8')) });
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('timed out')));
    request.on('error', reject);
    request.end(text);
  });
}

/** How many members a StatefulSet is to have and has. */
/** @type {(answer: ApiAnswer) => Scale} */
function scaleOf(answer) {
  if (answer.status === 404) return { replicas: 0, existing: 0, stopping: true };
  const { spec, metadata, status } = bodyOf(answer);
  if (typeof spec?.replicas !== 'number')
    throw new Error('the API server answers with something else than the StatefulSet');
  const { replicas } = spec;
  const stopping = replicas < 1 || metadata?.deletionTimestamp !== undefined;
  return { replicas, existing: Math.max(replicas, status?.replicas ?? 0), stopping };
}

/** Of a member with a Deployment of its own: as many as the pod was told, unless it is the one that stops. */
/** @type {(answer: ApiAnswer, members: number) => Scale} */
function fixedScale(answer, members) {
  return { replicas: members, existing: members, stopping: scaleOf(answer).stopping };
}

/** @type {(answer: ApiAnswer) => ApiAnswer['body']} */
function bodyOf({ status, body }) {
  if (status !== undefined && status >= 200 && status < 300) return body;
  throw new Error(`the API server refuses (${status}): ${body?.message ?? body?.reason ?? 'without a reason'}`);
}

/** What outlives the members' disks. The stack makes it, so that it goes with the stack; what is in it is written here. */
/** @type {(namespace: string, name: string) => string} */
const markPath = (namespace, name) => `/api/v1/namespaces/${namespace}/configmaps/${name}-initiated`;

/** A warning about this pod, as `kubectl describe pod` shows it. */
/** @type {(env: PodHost['env'], message: string) => unknown} */
function eventOf({ POD_NAME: pod, POD_NAMESPACE: namespace, POD_UID: uid }, message) {
  const time = new Date().toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${pod}.`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: pod, namespace, uid },
    type: 'Warning',
    reason: 'ReplicaSet',
    message: message.slice(0, MAX_MESSAGE),
    source: { component: 'members' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
