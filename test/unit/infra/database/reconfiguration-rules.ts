import type { MemberConfig, SetConfig } from '../../../../infra/database/members/types';

export const isVoter = (member: MemberConfig): boolean => (member.votes ?? 1) > 0;
export const setIdOf = (config: SetConfig): string => String(config.settings?.replicaSetId);

/** Why mongod refuses a reconfiguration whatever the state of the members; undefined where it does not. */
export function refusalOf(current: SetConfig, wanted: SetConfig): string | undefined {
  const { members } = wanted;
  if (wanted.version !== (current.version ?? 0) + 1) return 'version must be one more';
  if (setIdOf(wanted) !== setIdOf(current)) return 'the replicaSetId cannot be changed';
  if (members.filter(isVoter).length > 7) return 'more than 7 voting members';
  if (members.some((member) => !isVoter(member) && member.priority !== 0)) return 'priority must be 0 when non-voting';
  if (new Set(members.map(({ _id }) => _id)).size < members.length) return 'duplicate _id';
  if (members.some(({ _id }) => _id < 0 || _id > 255)) return '_id must be between 0 and 255';
  if (new Set(members.map(({ host }) => host)).size < members.length) return 'duplicate host';
  return votersChanged(current, wanted) > 1 ? 'can only add or remove at most 1 voting member' : undefined;
}

/** Voters that come, go, or change their host. */
function votersChanged(current: SetConfig, wanted: SetConfig): number {
  const hosts = ({ members }: SetConfig): Map<number, string> =>
    new Map(members.filter(isVoter).map(({ _id, host }) => [_id, host]));
  const [before, after] = [hosts(current), hosts(wanted)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id)).length;
}
