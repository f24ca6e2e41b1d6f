const PRIMARY = 1;
const SECONDARY = 2;

/** Everything that `nextStep` needs to know. */
/** @type {(io: MemberIo) => Promise<View>} */
async function look(io) {
  const { replicas, existing } = await wantedScale(io);
  const stored = await storedConfig(io, io.ordinal);
  const hello = await io.command(io.ordinal, 'admin', { hello: 1 });
  /** @type {any} */
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
  // @ts-expect-error -- as the view grows, its parts are no view yet
  const known = new Set((view.config?.members ?? []).map(({ host }) => host));
  // @ts-expect-error -- both numbers are known, or none
  for (let ordinal = 0; ordinal < Math.max(replicas, existing); ordinal += 1) {
    if (ordinal !== io.ordinal && !known.has(io.hostOf(ordinal))) view.others.push(await askOther(io, ordinal));
  }
  return view;
}

/** Without a StatefulSet, or scaled to zero, a set is stopped and not dissolved: no number of members is wanted. */
/** @type {(io: MemberIo) => Promise<Partial<Scale>>} */
async function wantedScale(io) {
  const scale = await io.scale();
  return scale === undefined || scale.stopping ? {} : scale;
}

/** @type {(io: MemberIo) => Promise<PrimaryKnowledge>} */
async function primaryView(io) {
  const { config } = await io.command(io.ordinal, 'admin', { replSetGetConfig: 1 });
  /** @type {SetStatus} */
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
/** @type {(status: SetStatus) => (member: MemberConfig) => boolean} */
function healthIn(status) {
  return (member) =>
    status.members.some(
      (m) =>
        Number(m._id) === Number(member._id) &&
        Number(m.health) === 1 &&
        [PRIMARY, SECONDARY].includes(Number(m.state)),
    );
}

/** @type {(io: MemberIo) => Promise<PrimaryKnowledge['users']>} */
async function usersOf(io) {
  /** @type {PrimaryKnowledge['users']} */
  const users = [];
  for (const { name, password, roles } of io.credentials()) {
    /** @type {UsersReply} */
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
  } catch {
    return { ordinal, configured: 'unknown' };
  }
}
