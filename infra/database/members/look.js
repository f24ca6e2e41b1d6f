const PRIMARY = 1;
const SECONDARY = 2;
const RECOVERING = 3;

/** Of this member alone, and first: what follows may take long or fail for reasons that are not its own. */
/** @type {(io: MemberIo) => Promise<OwnState>} */
async function lookAtSelf(io) {
  /** @type {OwnState['hello']} */
  const hello = await io.command(io.ordinal, 'admin', { hello: 1 });
  if (hello.secondary === true) return { hello, serves: true };
  // What waits for the set connects as them, and some of upstream's services try only once.
  if (hello.isWritablePrimary === true) return { hello, serves: await hasUsers(io), state: 'PRIMARY' };
  const serves = false;
  /** @type {SetStatus | undefined} */
  const status = await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 }).catch(() => undefined);
  const self = selfIn(status);
  return { hello, serves, status, state: self === undefined ? 'no member of the replica set' : self.stateStr };
}

/** Whether all users are there, whatever their passwords; where that cannot be told, they are taken to be. */
/** @type {(io: MemberIo) => Promise<boolean>} */
async function hasUsers(io) {
  try {
    const names = (await allUsers(io)).map(({ user }) => user);
    return io.credentials().every(({ name }) => names.includes(name));
  } catch {
    return true;
  }
}

/** @type {(io: MemberIo) => Promise<UsersReply['users']>} */
async function allUsers(io) {
  /** @type {UsersReply} */
  const { users } = await io.command(io.ordinal, 'admin', { usersInfo: 1 });
  return users;
}

/** @type {(status: SetStatus | undefined) => SetStatus['members'][number] | undefined} */
function selfIn(status) {
  return status === undefined ? undefined : status.members.find((m) => m.self === true);
}

/** Everything that `nextStep` needs to know. */
/** @type {(io: MemberIo, own: OwnState) => Promise<View>} */
async function look(io, { hello, status }) {
  const { replicas, existing, problem } = await wantedScale(io);
  const stored = await storedConfig(io, io.ordinal);
  /** @type {any} */
  const view = {
    set: io.set,
    name: io.name,
    namespace: io.namespace,
    ordinal: io.ordinal,
    wanted: replicas,
    problem,
    hostOf: io.hostOf,
    ordinalOf: io.ordinalOf,
    configured: stored === undefined ? 'no' : 'yes',
    setId: setIdOf(stored),
    primary: hello.isWritablePrimary === true,
    hasPrimary: hello.primary !== undefined,
    others: [],
  };
  if (replicas === undefined) return view;
  if (view.primary) Object.assign(view, await primaryView(io));
  else if (view.configured === 'yes') return Object.assign(view, await memberView(io, hello.primary, status));
  else if (io.ordinal === 0) view.mark = await markOf(io);
  else return view;
  // @ts-expect-error -- as the view grows, its parts are no view yet
  const known = new Set((view.config?.members ?? []).map(({ host }) => host));
  // @ts-expect-error -- both numbers are known, or none
  const ordinals = Array.from({ length: Math.max(replicas, existing) }, (_, ordinal) => ordinal);
  const asked = ordinals.filter((ordinal) => ordinal !== io.ordinal && !known.has(io.hostOf(ordinal)));
  // At once: those that do not answer take their time.
  view.others = await Promise.all(asked.map((ordinal) => askOther(io, ordinal)));
  return view;
}

/** Without a StatefulSet, or scaled to zero, a set is stopped and not dissolved: no number of members is wanted. */
/** @type {(io: MemberIo) => Promise<Partial<Scale> & { problem?: string }>} */
async function wantedScale(io) {
  try {
    const scale = await io.scale();
    return scale.stopping ? { problem: 'the StatefulSet is deleted or scaled to zero' } : scale;
  } catch (error) {
    return { problem: error.message };
  }
}

/** @type {(io: MemberIo) => Promise<Mark>} */
async function markOf(io) {
  try {
    return { known: true, setId: await io.readMark() };
  } catch (error) {
    return { known: false, problem: error.message };
  }
}

/** Of a member that is not the primary: only what explains why it, or the set, is not well. */
/** @type {(io: MemberIo, primary: string | undefined, own: SetStatus | undefined) => Promise<Pick<MemberView, 'ailments' | 'outrun'>>} */
async function memberView(io, primary, own) {
  if (primary !== undefined) return { ailments: [], ...(await outrunOf(io, primary, own)) };
  /** @type {SetStatus | undefined} */
  const status = own ?? (await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 }).catch(() => undefined));
  return { ailments: status === undefined ? [] : ailmentsIn(status) };
}

/** mongod says of such a member only that it is RECOVERING, as of one that will soon have recovered. */
/** @type {(io: MemberIo, primary: string, own: SetStatus | undefined) => Promise<{ outrun?: Outrun }>} */
async function outrunOf(io, primary, own) {
  const self = selfIn(own);
  const ordinal = io.ordinalOf(primary);
  if (self === undefined || Number(self.state) !== RECOVERING || ordinal === undefined) return {};
  const last = self.optimeDate;
  const first = { find: 'oplog.rs', sort: { $natural: 1 }, limit: 1, projection: { wall: 1 } };
  const reply = await io.command(ordinal, 'local', first).catch(() => undefined);
  /** @type {{ wall: Date }[]} */
  const found = reply === undefined ? [] : reply.cursor.firstBatch;
  const oldest = found[0]?.wall;
  if (last === undefined || oldest === undefined || oldest.getTime() <= last.getTime()) return {};
  return { outrun: { last: last.toISOString(), oldest: oldest.toISOString() } };
}

/** @type {(io: MemberIo) => Promise<PrimaryKnowledge>} */
async function primaryView(io) {
  const { config } = await io.command(io.ordinal, 'admin', { replSetGetConfig: 1 });
  /** @type {SetStatus} */
  const status = await io.command(io.ordinal, 'admin', { replSetGetStatus: 1 });
  const { defaultWriteConcernSource } = await io.command(io.ordinal, 'admin', { getDefaultRWConcern: 1 });
  const self = selfIn(status);
  return {
    config,
    isHealthy: healthIn(status),
    isSelf: (member) => Number(member._id) === Number(self?._id),
    users: await usersOf(io),
    writeConcernSet: defaultWriteConcernSource === 'global',
    mark: await markOf(io),
    ailments: ailmentsIn(status),
    release: await releaseOf(io, config),
  };
}

/** @type {(io: MemberIo, config: SetConfig) => Promise<Release>} */
async function releaseOf(io, config) {
  const own = await releaseOn(io, io.ordinal);
  const parameter = { getParameter: 1, featureCompatibilityVersion: 1 };
  const reply = await io.command(io.ordinal, 'admin', parameter).catch(() => undefined);
  const data = reply?.featureCompatibilityVersion;
  const release = { own, current: data?.version, target: data?.targetVersion };
  const hosts = own === release.current ? [] : config.members.map(({ host }) => host);
  const releases = await Promise.all(hosts.map((host) => releaseOn(io, io.ordinalOf(host))));
  return { ...release, members: new Map(hosts.map((host, index) => [host, releases[index]])) };
}

/** Release of one mongod as `major.minor`; undefined where it does not answer. */
/** @type {(io: MemberIo, ordinal: number | undefined) => Promise<string | undefined>} */
async function releaseOn(io, ordinal) {
  if (ordinal === undefined) return undefined;
  const reply = await io.command(ordinal, 'admin', { buildInfo: 1 }).catch(() => undefined);
  const found = /^\d+\.\d+/.exec(String(reply?.version));
  return found === null ? undefined : found[0];
}

/** Whoever is neither PRIMARY nor SECONDARY. */
/** @type {(status: SetStatus) => Ailment[]} */
function ailmentsIn({ members }) {
  return members
    .filter((m) => !isWell(m))
    .map((m) => ({
      id: Number(m._id),
      host: m.name,
      state: m.stateStr,
      message: m.lastHeartbeatMessage,
    }));
}

/** @type {(member: SetStatus['members'][number]) => boolean} */
const isWell = (member) => Number(member.health) === 1 && [PRIMARY, SECONDARY].includes(Number(member.state));

/** Tells of a member of the configuration whether it is up and has the data. */
/** @type {(status: SetStatus) => (member: MemberConfig) => boolean} */
function healthIn(status) {
  return (member) => status.members.some((m) => Number(m._id) === Number(member._id) && isWell(m));
}

/** @type {(io: MemberIo) => Promise<PrimaryKnowledge['users']>} */
async function usersOf(io) {
  const wanted = io.credentials();
  const completed = io.completedRotation();
  const there = await allUsers(io);
  /** @type {PrimaryKnowledge['users']} */
  const users = there
    .filter((found) => isFormer(found, wanted, completed))
    .map(({ user }) => ({ name: user, state: 'former' }));
  for (const { name, password, roles } of wanted) {
    const found = there.find(({ user }) => user === name);
    if (found === undefined) users.push({ name, state: 'missing' });
    else {
      const isCurrent = haveSameRoles(found.roles, roles) && (await io.canLogIn(name, password));
      users.push({ name, state: isCurrent ? 'current' : 'outdated' });
    }
  }
  return users;
}

/** @type {(some: Credential['roles'], others: Credential['roles']) => boolean} */
function haveSameRoles(some, others) {
  /** @type {(roles: Credential['roles']) => string} */
  const text = (roles) => JSON.stringify(roles.map(({ role, db }) => `${db}.${role}`).sort());
  return text(some) === text(others);
}

/**
 * The configuration that a member has on its disk. `hello` and the status say "not initialised" of a member that was
 * removed or is still starting, too.
 */
/** @type {(io: MemberIo, ordinal: number) => Promise<SetConfig | undefined>} */
async function storedConfig(io, ordinal) {
  const reply = await io.command(ordinal, 'local', { find: 'system.replset', limit: 1 });
  return reply.cursor.firstBatch[0];
}

/** @type {(config: SetConfig | undefined) => string | undefined} */
const setIdOf = (config) =>
  config?.settings?.replicaSetId === undefined ? undefined : String(config.settings.replicaSetId);

/** @type {(io: MemberIo, ordinal: number) => Promise<OtherMember>} */
async function askOther(io, ordinal) {
  try {
    const config = await storedConfig(io, ordinal);
    return { ordinal, configured: config === undefined ? 'no' : 'yes', setId: setIdOf(config) };
  } catch (error) {
    return { ordinal, configured: 'unknown', error: error.message };
  }
}
