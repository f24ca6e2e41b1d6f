/** User that all clients shared before each had its own. */
const FORMER = '%FORMER%';
/** Oldest release whose featureCompatibilityVersion is only set with `confirm: true`. */
const CONFIRMED_SINCE = 7;

/**
 * Notes outside of the disks that there is a set: from then on none is begun on empty ones. It comes before the first
 * user: as long as nobody could write, a set that was initiated and not noted may be initiated again.
 */
/** @type {Concern} */
function mark(view) {
  const { mark: noted, setId } = view;
  if (setId === undefined) return undefined;
  if (!noted.known) return wait(`cannot note that there is a replica set: ${noted.problem}`);
  if (noted.setId === undefined) return { action: 'mark', setId };
  if (noted.setId === setId) return undefined;
  return wait(
    `the replica set ${noted.setId} is noted for this database, and this is ${setId}: mount the right disks, or, ` +
      `if these are right, take the note away: ${unmark(view)}`,
  );
}

/** @type {Concern} */
function user(view) {
  const wrong = view.users.find(({ state }) => state === 'missing' || state === 'outdated');
  // Last: nobody loses a user before all have the next.
  const found = wrong ?? view.users.find(({ state }) => state === 'former');
  if (found === undefined) return undefined;
  if (found.state === 'former') return { action: 'dropUser', user: found.name };
  const isNew = view.users.every(({ state }) => state === 'missing');
  if (isNew && !(view.mark.known && view.mark.setId === view.setId)) return wait('no users before the set is noted');
  return { action: found.state === 'missing' ? 'createUser' : 'updateUser', user: found.name };
}

/** Whether a user is of a rotation before the one that all clients are known to have, or shared by them before the first. */
/** @type {(user: UsersReply['users'][number], wanted: Credential[], completed: number | undefined) => boolean} */
function isFormer({ user: name, customData }, wanted, completed) {
  if (completed === undefined || wanted.some((credential) => credential.name === name)) return false;
  const generation = customData?.generation;
  // Users without one were made by hand.
  return generation === undefined ? name === FORMER && completed > 0 : Number(generation) < completed;
}

/** The implicit default may change with the members, which MongoDB refuses to let happen by a reconfiguration. */
/** @type {Concern} */
function writeConcern(view) {
  return view.writeConcernSet ? undefined : { action: 'setWriteConcern' };
}

/** Voters that are down or without the data; the others are spoken of where they are added. */
/** @type {Concern} */
function unwell(view) {
  const voters = new Set(view.config.members.filter(isVoter).map(({ _id }) => Number(_id)));
  const found = view.ailments.filter(({ id }) => voters.has(id));
  return found.length > 0 ? wait(found.map(ailment).join('; ')) : undefined;
}

/**
 * Sets featureCompatibilityVersion once every member runs the newer release: until then, one that runs the older could
 * not read the data. Only forward, and by one major release: mongod refuses all else.
 */
/** @type {Concern} */
function compatibility(view) {
  const { own, current, target, members } = view.release;
  if (own === undefined || current === undefined || (own === current && target === undefined)) return undefined;
  if (target !== undefined && target !== own)
    return wait(`by other hands, the data is on its way to MongoDB ${target}`);
  const [before, after] = [current, own].map((release) => release.split('.').map(Number));
  const isNewer = after[0] > before[0] || (after[0] === before[0] && after[1] > before[1]);
  if (!isNewer) return undefined;
  if (after[0] - before[0] > 1) {
    return wait(`the data is of MongoDB ${current}, and ${own} is more than one release on: go there by way of each`);
  }
  const others = view.config.members.filter((m) => !view.isSelf(m));
  const behind = others.find((m) => !view.isHealthy(m) || members.get(m.host) !== own);
  if (behind !== undefined) {
    return wait(`the data stays as MongoDB ${current} has it until ${behind.host} runs ${own} and is up`);
  }
  for (let ordinal = 0; ordinal < view.wanted; ordinal += 1) {
    const host = view.hostOf(ordinal);
    if (!view.config.members.some((m) => m.host === host)) {
      return wait(`the data stays as MongoDB ${current} has it until ${host} is a member`);
    }
  }
  const reason = `all members run MongoDB ${own}, and the data becomes its, which was ${current}'s`;
  return { action: 'setCompatibility', reason, release: own, confirm: after[0] >= CONFIRMED_SINCE };
}

/** @type {(view: MemberView, outrun: Outrun) => Waiting} */
function outrun({ namespace, name, ordinal }, { last, oldest }) {
  const pod = `${name}-${ordinal}`;
  return wait(
    `too old to catch up: its data is of ${last}, and what the primary still has of changes begins at ${oldest}. ` +
      `Empty this member, and the others fill it: kubectl -n ${namespace} exec ${pod} -c mongod -- touch %RESYNC% && ` +
      `kubectl -n ${namespace} delete pod ${pod}`,
  );
}

/** @type {(view: MemberView) => string} */
function noPrimary({ ailments }) {
  return [
    'the replica set has no primary: a majority of its voting members must be up',
    ...ailments.map(ailment),
    ...(ailments.length > 0 ? ['where disks are lost for good: docs/operations.md, "A majority is lost"'] : []),
  ].join('; ');
}

/** @type {(view: NewMemberView, setId: string) => string} */
function lostDisks(view, setId) {
  return (
    `the replica set ${setId} was here, and this disk is empty: mount the right one. Only if all members' data is lost ` +
    `or moved on purpose, begin anew: ${unmark(view)}`
  );
}

/** The command that takes away the note of a set that was. */
/** @type {(view: View) => string} */
const unmark = ({ namespace, name }) => `kubectl -n ${namespace} annotate configmap ${name}-initiated %MARK%-`;

/** @type {(ailment: Ailment) => string} */
const ailment = ({ host, state, message }) => `${host} is ${state}${message ? ` (${message})` : ''}`;

/** @type {(other: OtherMember | undefined) => string} */
const because = (other) => (other?.error ? ` (${other.error})` : '');
