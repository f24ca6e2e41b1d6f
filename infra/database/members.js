'use strict';
/*
 * Membership of a replica set that looks after itself. Runs in mongosh, in the container `members` beside every mongod:
 * each pass looks at the set, decides on one step and takes it. Passes can be repeated, stopped anywhere, and run in all
 * pods at once, because only a primary changes the set and every decision starts from what is there.
 *
 * `nextStep` decides and is pure; the rest asks and acts through `io`, which tests replace. mongosh rewrites the source
 * before it runs it, and in doing so breaks `a?.b.c`, which here must be written otherwise (`a?.b` and `a?.b?.c` work).
 *
 * It speaks to members as `__system`, the user that the keyfile is the password of: unlike users of the database it
 * exists on every member at any time (empty, being filled, removed), it outlives a changed password, and with it mongod
 * can do without the localhost exception.
 */

/** MongoDB's limit; further members hold data and do not vote. */
const MAX_VOTERS = 7;
/** Largest _id that MongoDB accepts for a member. */
const MAX_MEMBER_ID = 255;
const PRIMARY = 1;
const SECONDARY = 2;
const AUTHENTICATION_FAILED = 18;

// ---------------------------------------------------------------------------------------------- decide

const rest = () => ({ action: 'rest' });
const wait = (reason) => ({ action: 'wait', reason });
const majorityOf = (count) => Math.floor(count / 2) + 1;
// Numbers of a configuration may arrive as BSON's Long.
const votesOf = (member) => Number(member.votes ?? 1);
const isVoter = (member) => votesOf(member) > 0;

/** The one thing that this member should do now for the set to become what is wanted. */
function nextStep(view) {
  if (view.wanted === undefined) return wait('cannot tell how many members are wanted');
  if (view.configured === 'no') return view.ordinal === 0 ? initiation(view) : wait('not yet in the replica set');
  if (view.primary) return government(view);
  if (!view.hasPrimary) return wait('the replica set has no primary: a majority of its voting members must be up');
  return rest();
}

/**
 * Begins a set, where there is none. A member 0 that has lost its disk looks just like one that is new: only the answers
 * of all others tell the two apart, so silence is no permission.
 */
function initiation(view) {
  const member = view.others.find((other) => other.configured !== 'no');
  if (member === undefined) {
    return { action: 'initiate', config: { _id: view.set, members: [{ _id: 0, host: view.hostOf(0) }] } };
  }
  return member.configured === 'yes'
    ? wait('without data; the replica set exists and will fill this member')
    : wait(`${view.hostOf(member.ordinal)} must answer before a replica set is initiated: it may hold one`);
}

/** What a primary does: repair addresses, shrink, users, grow, let vote; the first that is needed and safe. */
function government(view) {
  const blocked = [];
  for (const concern of [wrongHost, surplus, user, writeConcern, missing, promotion]) {
    const step = concern(view);
    if (step !== undefined && step.action !== 'wait') return step;
    if (step !== undefined) blocked.push(step.reason);
  }
  return blocked.length > 0 ? wait(blocked.join('; ')) : rest();
}

function wrongHost(view) {
  const { members } = view.config;
  const member = members.find(({ host }) => {
    const ordinal = view.ordinalOf(host);
    return ordinal !== undefined && ordinal < view.wanted && host !== view.hostOf(ordinal) && !isDuplicate(view, host);
  });
  if (member === undefined) return undefined;
  const ordinal = view.ordinalOf(member.host);
  const host = view.hostOf(ordinal);
  const answers =
    ordinal === view.ordinal || view.others.some((o) => o.ordinal === ordinal && o.configured !== 'unknown');
  if (!answers) return wait(`${member.host} should be ${host}, which does not answer`);
  return reconfigure(
    view,
    `${member.host} is now ${host}`,
    members.map((m) => (m === member ? { ...m, host } : m)),
  );
}

/** Whether the member of this wrong address is in the configuration with its right one too. */
function isDuplicate(view, host) {
  const right = view.hostOf(view.ordinalOf(host));
  return host !== right && view.config.members.some((member) => member.host === right);
}

/**
 * Removes what is beyond the wanted number: members that are down first, then those that do not vote, then the highest.
 * Members with names that are not ours were added by somebody on purpose, and stay.
 */
function surplus(view) {
  const isSurplus = ({ host }) => {
    const ordinal = view.ordinalOf(host);
    return ordinal !== undefined && (ordinal >= view.wanted || isDuplicate(view, host));
  };
  const found = view.config.members.filter(isSurplus);
  if (found.length === 0) return undefined;
  const [member] = found
    .filter((m) => !view.isSelf(m))
    .sort(
      (a, b) =>
        Number(view.isHealthy(a)) - Number(view.isHealthy(b)) ||
        votesOf(a) - votesOf(b) ||
        view.ordinalOf(b.host) - view.ordinalOf(a.host),
    );
  if (member === undefined) return handOver(view);
  const remaining = view.config.members.filter((m) => m !== member);
  const voters = remaining.filter(isVoter);
  if (isVoter(member) && voters.filter(view.isHealthy).length < majorityOf(voters.length)) {
    return wait(`${member.host} can only be removed when more of the remaining members are up`);
  }
  return reconfigure(view, `removing ${member.host}`, remaining);
}

/** The primary itself is to go: another one then removes it. */
function handOver(view) {
  const successor = view.config.members.some((m) => isVoter(m) && !view.isSelf(m) && view.isHealthy(m));
  if (!successor) return wait('this member is to be removed, and no other could be the primary');
  return { action: 'stepDown', reason: 'this member is the primary and to be removed' };
}

function user(view) {
  const [found] = view.users.filter(({ state }) => state !== 'current');
  if (found === undefined) return undefined;
  return { action: found.state === 'missing' ? 'createUser' : 'updateUser', user: found.name };
}

/** The implicit default may change with the members, which MongoDB refuses to let happen by a reconfiguration. */
function writeConcern(view) {
  return view.writeConcernSet ? undefined : { action: 'setWriteConcern' };
}

/** Adds the first member that is wanted and answers; without a vote, for it has no data yet. */
function missing(view) {
  const hosts = new Set(view.config.members.map(({ host }) => host));
  const ids = view.config.members.map(({ _id }) => Number(_id));
  const reasons = [];
  for (const other of view.others) {
    const host = view.hostOf(other.ordinal);
    if (other.ordinal >= view.wanted || hosts.has(host)) continue;
    if (view.config.members.some((m) => view.ordinalOf(m.host) === other.ordinal)) continue;
    if (other.configured === 'unknown') reasons.push(`${host} does not answer`);
    else if (other.configured === 'yes' && other.setId !== view.setId) {
      reasons.push(`${host} holds data of another replica set: empty its volume, or start it where it belongs`);
    } else {
      const added = { _id: freeId(ids), host, votes: 0, priority: 0 };
      return reconfigure(view, `adding ${host}`, [...view.config.members, added]);
    }
  }
  return reasons.length > 0 ? wait(reasons.join('; ')) : undefined;
}

function freeId(ids) {
  const next = Math.max(...ids) + 1;
  if (next <= MAX_MEMBER_ID) return next;
  for (let id = 0; ; id += 1) if (!ids.includes(id)) return id;
}

/** Lets a member vote once it has caught up: a voter without data would count for the majority and not help it. */
function promotion(view) {
  const { members } = view.config;
  if (members.filter(isVoter).length >= MAX_VOTERS) return undefined;
  const waiting = members.filter((m) => {
    const ordinal = view.ordinalOf(m.host);
    return !isVoter(m) && ordinal !== undefined && ordinal < Math.min(view.wanted, MAX_VOTERS);
  });
  const member = waiting.find(view.isHealthy);
  if (member !== undefined) {
    const vote = (m) => (m === member ? { ...m, votes: 1, priority: 1 } : m);
    return reconfigure(view, `${member.host} has caught up and votes`, members.map(vote));
  }
  return waiting.length > 0 ? wait(`${waiting[0].host} is catching up`) : undefined;
}

function reconfigure(view, reason, members) {
  return {
    action: 'reconfigure',
    reason,
    config: { ...view.config, version: Number(view.config.version) + 1, members },
  };
}

// ------------------------------------------------------------------------------------------------- ask

/** Everything that `nextStep` needs to know. */
async function look(io) {
  const { replicas, existing } = await wantedScale(io);
  const stored = await storedConfig(io, io.ordinal);
  const hello = await io.command(io.ordinal, 'admin', { hello: 1 });
  const view = {
    set: io.set,
    ordinal: io.ordinal,
    wanted: replicas,
    hostOf: io.hostOf,
    ordinalOf: io.ordinalOf,
    configured: stored === undefined ? 'no' : 'yes',
    setId: setIdOf(stored),
    primary: hello.isWritablePrimary === true,
    hasPrimary: hello.primary !== undefined,
    others: [],
  };
  const asksAll = view.configured === 'no' && io.ordinal === 0;
  if (replicas === undefined || !(asksAll || view.primary)) return view;
  if (view.primary) Object.assign(view, await primaryView(io));
  const known = new Set((view.config?.members ?? []).map(({ host }) => host));
  for (let ordinal = 0; ordinal < Math.max(replicas, existing); ordinal += 1) {
    if (ordinal !== io.ordinal && !known.has(io.hostOf(ordinal))) view.others.push(await askOther(io, ordinal));
  }
  return view;
}

/** Without a StatefulSet, or scaled to zero, a set is stopped and not dissolved: no number of members is wanted. */
async function wantedScale(io) {
  const scale = await io.scale();
  return scale === undefined || scale.stopping ? {} : scale;
}

async function primaryView(io) {
  const { config } = await io.command(io.ordinal, 'admin', { replSetGetConfig: 1 });
  const status = await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 });
  const { defaultWriteConcernSource } = await io.command(io.ordinal, 'admin', { getDefaultRWConcern: 1 });
  const self = status.members.find((m) => m.self === true);
  return {
    config,
    isHealthy: healthIn(status),
    isSelf: (member) => Number(member._id) === Number(self?._id),
    users: await usersOf(io),
    writeConcernSet: defaultWriteConcernSource === 'global',
  };
}

/** Tells of a member of the configuration whether it is up and has the data. */
function healthIn(status) {
  return (member) =>
    status.members.some(
      (m) =>
        Number(m._id) === Number(member._id) &&
        Number(m.health) === 1 &&
        [PRIMARY, SECONDARY].includes(Number(m.state)),
    );
}

async function usersOf(io) {
  const users = [];
  for (const { name, password, roles } of io.credentials()) {
    const reply = await io.command(io.ordinal, 'admin', { usersInfo: { user: name, db: 'admin' } });
    const [found] = reply.users;
    if (found === undefined) {
      users.push({ name, state: 'missing' });
      continue;
    }
    const hasRoles = roles.every((role) => found.roles.some((r) => r.role === role && r.db === 'admin'));
    users.push({ name, state: hasRoles && (await io.canLogIn(name, password)) ? 'current' : 'outdated' });
  }
  return users;
}

/**
 * The configuration that a member has on its disk. `hello` and the status say "not initialised" of a member that was
 * removed or is still starting, too.
 */
async function storedConfig(io, ordinal) {
  const reply = await io.command(ordinal, 'local', { find: 'system.replset', limit: 1 });
  return reply.cursor.firstBatch[0];
}

const setIdOf = (config) =>
  config?.settings?.replicaSetId === undefined ? undefined : String(config.settings.replicaSetId);

async function askOther(io, ordinal) {
  try {
    const config = await storedConfig(io, ordinal);
    return { ordinal, configured: config === undefined ? 'no' : 'yes', setId: setIdOf(config) };
  } catch {
    return { ordinal, configured: 'unknown' };
  }
}

// ------------------------------------------------------------------------------------------------- act

/** Looks, decides, acts. Returns the step that was taken. */
async function pass(io) {
  const view = await look(io);
  const step = nextStep(view);
  const admin = (command) => io.command(io.ordinal, 'admin', command);
  switch (step.action) {
    case 'initiate':
      await admin({ replSetInitiate: step.config });
      break;
    case 'reconfigure':
      await admin({ replSetReconfig: step.config });
      break;
    case 'stepDown':
      await stepDown(io);
      break;
    case 'setWriteConcern':
      await admin({ setDefaultRWConcern: 1, defaultWriteConcern: { w: 'majority' } });
      break;
    case 'createUser':
    case 'updateUser': {
      const { name, password, roles } = io.credentials().find((c) => c.name === step.user);
      await admin({ [step.action]: name, pwd: password, roles: roles.map((role) => ({ role, db: 'admin' })) });
      break;
    }
  }
  return step;
}

/** Hands over to a member that has caught up, and stays out of elections long enough to be removed or restarted. */
async function stepDown(io) {
  await io.command(io.ordinal, 'admin', { replSetStepDown: 120, secondaryCatchUpPeriodSecs: 20 });
}

/**
 * Before this member stops: hands over if it is the primary, and then waits until it has been removed, where the number
 * of members shrinks, or else until the others can do without it. `deadline` is in the milliseconds of `io.now`.
 */
async function leave(io, deadline) {
  while (io.now() < deadline) {
    const reason = await reasonToStay(io).catch((error) => `failed, will be tried again: ${error.message}`);
    if (reason === undefined) return;
    io.say(reason);
    await io.sleep(1000);
  }
}

async function reasonToStay(io) {
  const scale = await io.scale();
  if (scale?.stopping) return undefined;
  const hello = await io.command(io.ordinal, 'admin', { hello: 1 });
  // `hello` names no set on a member that was never in one or was removed.
  if (hello.setName === undefined) return undefined;
  const { config } = await io.command(io.ordinal, 'admin', { replSetGetConfig: 1 });
  if (config.members.length === 1) return undefined;
  const isLeaving = scale !== undefined && io.ordinal >= scale.replicas;
  if (!isLeaving) {
    const others = config.members.filter((m) => isVoter(m) && m.host !== io.hostOf(io.ordinal));
    const up = others.filter(healthIn(await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 }))).length;
    const needed = majorityOf(config.members.filter(isVoter).length);
    if (up < Math.min(needed, others.length)) return 'the others have no majority without this member yet';
  }
  if (hello.isWritablePrimary === true) {
    await stepDown(io);
    return 'handing over as the primary';
  }
  return isLeaving ? 'the primary has not removed this member yet' : undefined;
}

/** Passes for as long as the pod lives. A reason to wait is said once, when it changes. */
async function watch(io) {
  let said;
  for (;;) {
    let message;
    let pause = 3000;
    try {
      const step = await pass(io);
      if (step.action === 'rest') message = 'the replica set is as wanted';
      else message = [step.action, step.reason ?? step.user].filter(Boolean).join(': ');
      if (step.action === 'rest' || step.action === 'wait') pause = 10000;
    } catch (error) {
      message = `failed, will be tried again: ${error.message}`;
    }
    if (message !== said) io.say(message);
    said = message;
    await io.sleep(pause);
  }
}

// --------------------------------------------------------------------------------------------- in mongosh

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const KEYFILE = '/etc/mongod/keyfile';
const CREDENTIALS = '/etc/members/credentials';

/** `io` of a pod: files, the API server, and the members over the network. */
function podIo({ env, fs, https, connect, sleep, log }) {
  const connections = new Map();
  const verified = new Map();
  const { STATEFUL_SET: name, POD_NAMESPACE: namespace, MEMBER_DOMAIN: domain, REPLICA_SET: set } = env;
  const ordinal = Number(env.POD_NAME.slice(name.length + 1));
  const hostOf = (n) => `${name}-${n}.${domain}`;
  const read = (path) => fs.readFileSync(path, 'utf8').trim();
  const uri = (host, who, password, source) =>
    `mongodb://${who}:${encodeURIComponent(password)}@${host}/?directConnection=true&authSource=${source}` +
    '&authMechanism=SCRAM-SHA-256&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000&socketTimeoutMS=60000';
  const address = (n) => (n === ordinal ? '127.0.0.1:27017' : hostOf(n));

  async function connection(n) {
    if (!connections.has(n)) connections.set(n, await connect(uri(address(n), '__system', read(KEYFILE), 'local')));
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
      { name: 'root', password: read(`${CREDENTIALS}/root`), roles: ['root'] },
      { name: 'aios', password: read(`${CREDENTIALS}/aios`), roles: ['readWriteAnyDatabase'] },
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

async function forget(connections, n) {
  const connection = connections.get(n);
  connections.delete(n);
  if (connection !== undefined) await connection.close(true).catch(() => undefined);
}

/** How many members a StatefulSet is to have and has; undefined where the answer does not say. */
function scaleOf({ status, body }) {
  if (status === 404) return { replicas: 0, existing: 0, stopping: true };
  if (status !== 200 || typeof body?.spec?.replicas !== 'number') return undefined;
  const { replicas } = body.spec;
  const stopping = replicas < 1 || body.metadata?.deletionTimestamp !== undefined;
  return { replicas, existing: Math.max(replicas, body.status?.replicas ?? 0), stopping };
}

function getJson(https, options) {
  return new Promise((resolve, reject) => {
    const request = https.get(options, (response) => {
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

/** Entry of the container (watch) and of its preStop hook (leave). */
async function main() {
  // As the first process of a container, a signal without a handler would be ignored.
  process.on('SIGTERM', () => process.exit(0));
  const connect = (uri) => new Mongo(uri);
  const io = podIo({ env: process.env, fs: require('fs'), https: require('https'), connect, sleep, log: console.log });
  if (process.env.MEMBERS_TASK === 'leave') await leave(io, Date.now() + Number(process.env.LEAVE_SECONDS) * 1000);
  else await watch(io);
}

// mongosh awaits what the last statement yields. Some versions have a `module` too.
if (typeof Mongo === 'function') main();
else module.exports = { nextStep, pass, leave, podIo, scaleOf };
