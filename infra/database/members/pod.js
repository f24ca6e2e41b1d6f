const AUTHENTICATION_FAILED = 18;
const SERVICE_ACCOUNT = '%SERVICE_ACCOUNT%';
const KEYFILE = '%KEYFILE%';
const CREDENTIALS = '%CREDENTIALS%';

/** `io` of a pod: files, the API server, and the members over the network. */
/** @type {(host: PodHost) => MemberIo} */
function podIo({ env, fs, https, connect, sleep, log }) {
  /** @type {Map<number, Connection>} */
  const connections = new Map();
  /** @type {Map<string, string>} */
  const verified = new Map();
  const { STATEFUL_SET: name, POD_NAMESPACE: namespace, MEMBER_DOMAIN: domain, REPLICA_SET: set } = env;
  const ordinal = Number(env.POD_NAME.slice(name.length + 1));
  /** @type {(n: number) => string} */
  const hostOf = (n) => `${name}-${n}.${domain}`;
  /** @type {(path: string) => string} */
  const read = (path) => fs.readFileSync(path, 'utf8').trim();
  /** @type {(host: string, who: string, password: string, source: string) => string} */
  const uri = (host, who, password, source) =>
    `mongodb://${who}:${encodeURIComponent(password)}@${host}/?directConnection=true&authSource=${source}` +
    '&authMechanism=SCRAM-SHA-256&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000&socketTimeoutMS=60000';
  /** @type {(n: number) => string} */
  const address = (n) => (n === ordinal ? '127.0.0.1:%PORT%' : hostOf(n));

  /** @type {(n: number) => Promise<Connection>} */
  async function connection(n) {
    if (!connections.has(n)) connections.set(n, await connect(uri(address(n), '__system', read(KEYFILE), 'local')));
    // @ts-expect-error -- there is one now
    return connections.get(n);
  }

  return {
    set,
    ordinal,
    hostOf,
    ordinalOf(host) {
      const match = new RegExp(`^${name}-(\\d+)(?=[.:]|$)`).exec(host);
      return match === null ? undefined : Number(match[1]);
    },
    sleep,
    now: Date.now,
    say: (message) => log(`${new Date().toISOString()} ${message}`),
    credentials: () => [
      { name: '%ROOT%', password: read(`${CREDENTIALS}/%ROOT%`), roles: ['root'] },
      { name: '%USER%', password: read(`${CREDENTIALS}/%USER%`), roles: ['readWriteAnyDatabase'] },
    ],
    async command(n, database, command) {
      try {
        return await (await connection(n)).getDB(database).runCommand(command);
      } catch (error) {
        // An answer is an answer; a connection that broke is made anew.
        if (error.code === undefined) await forget(connections, n);
        throw error;
      }
    },
    async canLogIn(user, password) {
      if (verified.get(user) === password) return true;
      try {
        const login = await connect(uri(address(ordinal), user, password, 'admin'));
        await login.close();
      } catch (error) {
        if (Number(error.code) === AUTHENTICATION_FAILED) return false;
        throw error;
      }
      verified.set(user, password);
      return true;
    },
    async scale() {
      const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`;
      const headers = { authorization: `Bearer ${read(`${SERVICE_ACCOUNT}/token`)}`, accept: 'application/json' };
      const ca = fs.readFileSync(`${SERVICE_ACCOUNT}/ca.crt`);
      const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
      const reply = await getJson(https, { host, port, path, headers, ca, timeout: 5000 }).catch(() => undefined);
      return reply && scaleOf(reply);
    },
  };
}

/** @type {(connections: Map<number, Connection>, n: number) => Promise<void>} */
async function forget(connections, n) {
  const connection = connections.get(n);
  connections.delete(n);
  if (connection !== undefined) await connection.close(true).catch(() => undefined);
}

/** How many members a StatefulSet is to have and has; undefined where the answer does not say. */
/** @type {(answer: ApiAnswer) => Scale | undefined} */
function scaleOf({ status, body }) {
  if (status === 404) return { replicas: 0, existing: 0, stopping: true };
  if (status !== 200 || typeof body?.spec?.replicas !== 'number') return undefined;
  const { replicas } = body.spec;
  const stopping = replicas < 1 || body.metadata?.deletionTimestamp !== undefined;
  return { replicas, existing: Math.max(replicas, body.status?.replicas ?? 0), stopping };
}

/** @type {(https: PodHost['https'], options: import('node:https').RequestOptions) => Promise<ApiAnswer>} */
function getJson(https, options) {
  return new Promise((resolve, reject) => {
    const request = https.get(options, (response) => {
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
  });
}
