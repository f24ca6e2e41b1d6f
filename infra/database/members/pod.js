const AUTHENTICATION_FAILED = 18;
const KEYFILE = '%KEYFILE%';
const CERTIFICATE = '%CERTIFICATE%';
const TLS = '%TLS%';
const CREDENTIALS = '%CREDENTIALS%';
const USERS = '%USERS%';
const COMPLETED = '%COMPLETED%';
const STATE = '%STATE%';

/** `io` of a pod: files, the API server, and the members over the network. */
/** @type {(host: PodHost) => MemberIo} */
function podIo({ env, fs, https, connect, sleep, log }) {
  /** @type {Map<number, Connection>} */
  const connections = new Map();
  /** @type {Map<string, string>} */
  const verified = new Map();
  const { STATEFUL_SET: name, POD_NAMESPACE: namespace, MEMBER_DOMAIN: domain, REPLICA_SET: set } = env;
  const ordinal = Number((env.MEMBER || env.POD_NAME).slice(name.length + 1));
  const api = apiServer({ env, fs, https });
  /**
   * Why a note could not be written: then the next pass takes it as one that cannot be read, and sees to all else.
   * @type {Error | undefined}
   */
  let refusal;
  /**
   * Who was the primary when the note was last read.
   * @type {string | undefined}
   */
  let knownPrimary;
  /**
   * What mongod was told of: once more by each of these processes, for the one before may have been killed between writing it
   * and telling.
   * @type {string | undefined}
   */
  let certificate;
  /** @type {(annotations: Record<string, string>) => Promise<ApiAnswer['body']>} */
  const annotate = async (annotations) =>
    bodyOf(await api('PATCH', markPath(namespace, name), { metadata: { annotations } }));
  /** @type {(n: number) => string} */
  const hostOf = (n) => `${name}-${n}.${domain}`;
  /** @type {(path: string) => string} */
  const read = (path) => fs.readFileSync(path, 'utf8').trim();
  // A step earlier there may be members that do not take it yet.
  const hasTls = env.TLS_MODE === 'prefer' || env.TLS_MODE === 'require';
  /** @type {(host: string, who: string, password: string, source: string) => string} */
  const uri = (host, who, password, source) =>
    `mongodb://${who}:${encodeURIComponent(password)}@${host}/?directConnection=true&authSource=${source}` +
    '&authMechanism=SCRAM-SHA-256&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000&socketTimeoutMS=60000' +
    (hasTls ? tlsOptions(host) : '');
  /** @type {(n: number) => string} */
  const address = (n) => (n === ordinal ? '127.0.0.1:%PORT%' : hostOf(n));

  /** A member that is restarted before this one, or after it, may have only the second key in common with it. */
  /** @type {(n: number) => Promise<Connection>} */
  async function systemConnection(n) {
    /** @type {unknown} */
    let refusal;
    for (const key of keysIn(read(KEYFILE))) {
      try {
        return await connect(uri(address(n), '__system', key, 'local'));
      } catch (error) {
        if (Number(error.code) !== AUTHENTICATION_FAILED) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  /** @type {(n: number) => Promise<Connection>} */
  async function connection(n) {
    if (!connections.has(n)) connections.set(n, await systemConnection(n));
    // @ts-expect-error -- there is one now
    return connections.get(n);
  }

  return {
    set,
    name,
    namespace,
    ordinal,
    hostOf,
    ordinalOf(host) {
      const match = new RegExp(`^${name}-(\\d+)(?=[.:]|$)`).exec(host);
      return match === null ? undefined : Number(match[1]);
    },
    sleep,
    after(milliseconds, act) {
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    },
    now: Date.now,
    say: (message) => log(`${new Date().toISOString()} ${message}`),
    credentials() {
      /** @type {Omit<Credential, 'password'>[]} */
      const users = JSON.parse(read(USERS));
      return users.map((user) => ({ ...user, password: read(`${CREDENTIALS}/${user.name}`) }));
    },
    completedRotation() {
      try {
        return Number(read(COMPLETED));
      } catch {
        return undefined;
      }
    },
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
    report(problem) {
      // Renamed, for a file that is being written is empty, and so says that all is well.
      fs.writeFileSync(`${STATE}.new`, problem);
      fs.renameSync(`${STATE}.new`, STATE);
    },
    async renewCertificate() {
      if (env.TLS_MODE === undefined) return;
      const wanted = `${read(`${TLS}/tls.crt`)}\n${read(`${TLS}/tls.key`)}\n`;
      if (wanted === certificate) return;
      fs.writeFileSync(`${CERTIFICATE}.new`, wanted, { mode: 0o600 });
      fs.renameSync(`${CERTIFICATE}.new`, CERTIFICATE);
      await this.command(ordinal, 'admin', { rotateCertificates: 1, message: 'the Secret has another' });
      certificate = wanted;
    },
    async scale() {
      if (env.MEMBER) {
        const answer = await api('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${env.MEMBER}`);
        return fixedScale(answer, Number(env.MEMBERS));
      }
      return scaleOf(await api('GET', `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`));
    },
    async readMark() {
      if (refusal !== undefined) {
        const error = refusal;
        refusal = undefined;
        throw error;
      }
      const answer = await api('GET', markPath(namespace, name));
      if (answer.status === 404) throw new Error(`ConfigMap ${name}-initiated is gone: "make refresh" and "make up"`);
      const { annotations = {} } = bodyOf(answer).metadata;
      knownPrimary = annotations[PRIMARY_NOTE];
      return annotations[MARK];
    },
    async writeMark(setId) {
      try {
        await annotate({ [MARK]: setId });
      } catch (error) {
        refusal = error;
        throw error;
      }
    },
    async announce() {
      const self = `${name}-${ordinal}`;
      // Nothing depends on it, and the next pass tells it again.
      if (knownPrimary !== self) await annotate({ [PRIMARY_NOTE]: self }).catch(() => undefined);
    },
    async warn(message) {
      bodyOf(await api('POST', `/api/v1/namespaces/${namespace}/events`, eventOf(env, message)));
    },
  };
}

/** The address of this pod itself is in no certificate. */
/** @type {(host: string) => string} */
const tlsOptions = (host) =>
  `&tls=true&tlsCAFile=${TLS}/ca.crt${host.startsWith('127.0.0.1:') ? '&tlsAllowInvalidHostnames=true' : ''}`;

/** The keys of a keyfile: of a YAML list, or a single one. */
/** @type {(text: string) => string[]} */
const keysIn = (text) =>
  text
    .split('\n')
    .map((line) => line.replace(/^- /, '').trim())
    .filter((key) => key !== '');

/** @type {(connections: Map<number, Connection>, n: number) => Promise<void>} */
async function forget(connections, n) {
  const connection = connections.get(n);
  connections.delete(n);
  if (connection !== undefined) await connection.close(true).catch(() => undefined);
}
