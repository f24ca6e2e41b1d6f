/** MongoDB's limit; further members hold data and do not vote. */
const MAX_VOTERS = 7;
/** Largest _id that MongoDB accepts for a member. */
const MAX_MEMBER_ID = 255;

/** @type {() => Step} */
const rest = () => ({ action: 'rest' });
/** @type {(reason: string) => Waiting} */
const wait = (reason) => ({ action: 'wait', reason });
/** @type {(count: number) => number} */
const majorityOf = (count) => Math.floor(count / 2) + 1;
// Numbers of a configuration may arrive as BSON's Long.
/** @type {(member: MemberConfig) => number} */
const votesOf = (member) => Number(member.votes ?? 1);
/** @type {(member: MemberConfig) => boolean} */
const isVoter = (member) => votesOf(member) > 0;

/** The one thing that this member should do now for the set to become what is wanted. */
/** @type {(view: View) => Step} */
function nextStep(view) {
  if (view.wanted === undefined) return wait(`cannot tell how many members are wanted: ${view.problem}`);
  if (view.configured === 'no') return view.ordinal === 0 ? initiation(view) : wait('not yet in the replica set');
  if (view.primary) return government(view);
  if (view.outrun !== undefined) return outrun(view, view.outrun);
  if (!view.hasPrimary) return wait(noPrimary(view));
  return rest();
}

/**
 * Begins a set, where there is none. A member 0 that has lost its disk looks just like one that is new: only the answers
 * of all others tell the two apart, so silence is no permission. Nor are empty disks of all members, where there once was
 * a set: what is mounted in their place may be wrong.
 */
/** @type {(view: NewMemberView) => Step} */
function initiation(view) {
  const member = view.others.find((other) => other.configured !== 'no');
  if (member?.configured === 'yes') return wait('without data; the replica set exists and will fill this member');
  if (member !== undefined) {
    return wait(
      `${view.hostOf(member.ordinal)} must answer before a replica set is initiated: it may hold one${because(member)}`,
    );
  }
  if (!view.mark.known) return wait(`cannot tell whether there was a replica set before: ${view.mark.problem}`);
  if (view.mark.setId !== undefined) return wait(lostDisks(view, view.mark.setId));
  return { action: 'initiate', config: { _id: view.set, members: [{ _id: 0, host: view.hostOf(0) }] } };
}

/** What a primary does: repair addresses, shrink, users, grow, let vote; the first that is needed and safe. */
/** @type {(view: PrimaryView) => Step} */
function government(view) {
  /** @type {string[]} */
  const blocked = [];
  for (const concern of [mark, wrongHost, surplus, user, writeConcern, missing, promotion, unwell, compatibility]) {
    const step = concern(view);
    if (step !== undefined && step.action !== 'wait') return step;
    if (step !== undefined) blocked.push(step.reason);
  }
  return blocked.length > 0 ? wait(blocked.join('; ')) : rest();
}

/** @type {Concern} */
function wrongHost(view) {
  const { members } = view.config;
  const member = members.find(({ host }) => {
    const ordinal = view.ordinalOf(host);
    return ordinal !== undefined && ordinal < view.wanted && host !== view.hostOf(ordinal) && !isDuplicate(view, host);
  });
  if (member === undefined) return undefined;
  const ordinal = view.ordinalOf(member.host);
  // @ts-expect-error -- found by its ordinal
  const host = view.hostOf(ordinal);
  const other = view.others.find((o) => o.ordinal === ordinal);
  if (ordinal !== view.ordinal && (other === undefined || other.configured === 'unknown')) {
    return wait(`${member.host} should be ${host}, which does not answer${because(other)}`);
  }
  return reconfigure(
    view,
    `${member.host} is now ${host}`,
    members.map((m) => (m === member ? { ...m, host } : m)),
  );
}

/** Whether the member of this wrong address is in the configuration with its right one too. */
/** @type {(view: PrimaryView, host: string) => boolean} */
function isDuplicate(view, host) {
  // @ts-expect-error -- of a host that has an ordinal
  const right = view.hostOf(view.ordinalOf(host));
  return host !== right && view.config.members.some((member) => member.host === right);
}

/**
 * Removes what is beyond the wanted number: members that are down first, then those that do not vote, then the highest.
 * Members with names that are not ours were added by somebody on purpose, and stay.
 */
/** @type {Concern} */
function surplus(view) {
  /** @type {(member: MemberConfig) => boolean} */
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
        // @ts-expect-error -- found by their ordinals
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
/** @type {(view: PrimaryView) => Step} */
function handOver(view) {
  const successor = view.config.members.some((m) => isVoter(m) && !view.isSelf(m) && view.isHealthy(m));
  if (!successor) return wait('this member is to be removed, and no other could be the primary');
  return { action: 'stepDown', reason: 'this member is the primary and to be removed' };
}

/** Adds the first member that is wanted and answers; without a vote, for it has no data yet. */
/** @type {Concern} */
function missing(view) {
  const hosts = new Set(view.config.members.map(({ host }) => host));
  const ids = view.config.members.map(({ _id }) => Number(_id));
  /** @type {string[]} */
  const reasons = [];
  for (const other of view.others) {
    const host = view.hostOf(other.ordinal);
    if (other.ordinal >= view.wanted || hosts.has(host)) continue;
    if (view.config.members.some((m) => view.ordinalOf(m.host) === other.ordinal)) continue;
    if (other.configured === 'unknown') reasons.push(`${host} does not answer${because(other)}`);
    else if (other.configured === 'yes' && other.setId !== view.setId) {
      reasons.push(`${host} holds data of another replica set: empty its volume, or start it where it belongs`);
    } else {
      const added = { _id: freeId(ids), host, votes: 0, priority: 0 };
      return reconfigure(view, `adding ${host}`, [...view.config.members, added]);
    }
  }
  return reasons.length > 0 ? wait(reasons.join('; ')) : undefined;
}

/** @type {(ids: number[]) => number} */
function freeId(ids) {
  const next = Math.max(...ids) + 1;
  if (next <= MAX_MEMBER_ID) return next;
  for (let id = 0; ; id += 1) if (!ids.includes(id)) return id;
}

/** Lets a member vote once it has caught up: a voter without data would count for the majority and not help it. */
/** @type {Concern} */
function promotion(view) {
  const { members } = view.config;
  if (members.filter(isVoter).length >= MAX_VOTERS) return undefined;
  const waiting = members.filter((m) => {
    const ordinal = view.ordinalOf(m.host);
    return !isVoter(m) && ordinal !== undefined && ordinal < Math.min(view.wanted, MAX_VOTERS);
  });
  const member = waiting.find(view.isHealthy);
  if (member !== undefined) {
    /** @type {(m: MemberConfig) => MemberConfig} */
    const vote = (m) => (m === member ? { ...m, votes: 1, priority: 1 } : m);
    return reconfigure(view, `${member.host} has caught up and votes`, members.map(vote));
  }
  return waiting.length > 0 ? wait(`${waiting[0].host} is catching up`) : undefined;
}

/** @type {(view: PrimaryView, reason: string, members: MemberConfig[]) => Step} */
function reconfigure(view, reason, members) {
  return {
    action: 'reconfigure',
    reason,
    config: { ...view.config, version: Number(view.config.version) + 1, members },
  };
}
