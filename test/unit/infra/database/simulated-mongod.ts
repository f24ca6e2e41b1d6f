import type { MemberConfig, SetConfig } from '../../../../infra/database/members/types';
import { isVoter } from './reconfiguration-rules';

/** An error as mongod answers it. */
export class ServerError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A configuration on a member's disk. */
export interface StoredConfig extends SetConfig {
  /** Of the primary that made it. */
  term: number;
}

/** One mongod with its disk. */
export interface Mongod {
  ordinal: number;
  up: boolean;
  config?: StoredConfig | undefined;
  hasData: boolean;
  /** Ids of the writes on its disk; ids grow over all members, so that the last one tells who is ahead. */
  writes: number[];
  /** Time until which it does not stand for election. */
  frozenUntil: number;
  /** Of its program, as `major.minor`. */
  release: string;
  /** Its data is older than all that the others still have of changes. */
  outrun: boolean;
}

/** A mongod with an empty disk. */
export function emptyMongod(ordinal: number, release: string): Mongod {
  return { ordinal, up: true, hasData: false, writes: [], frozenUntil: 0, release, outrun: false };
}

/** Whether a configuration comes after another. */
export function isNewer(one: StoredConfig, other: StoredConfig): boolean {
  return one.term > other.term || (one.term === other.term && (one.version ?? 0) > (other.version ?? 0));
}

export type Find = (member: MemberConfig) => Mongod | undefined;

/** Whether a majority of a configuration's voters is as asked. */
export function isMajority(config: SetConfig, find: Find, wanted: (node: Mongod) => boolean): boolean {
  const voters = config.members.filter(isVoter);
  const found = voters.map(find).filter((node) => node !== undefined && wanted(node));
  return found.length > voters.length / 2;
}

/** Whether a mongod may be, or stay, the primary; `self` is it in its own configuration. */
export function canGovern(
  { up, hasData, outrun, config }: Mongod,
  self: MemberConfig | undefined,
  find: Find,
): boolean {
  const isElectable = self !== undefined && self.priority !== 0;
  return up && hasData && !outrun && config !== undefined && isElectable && isMajority(config, find, (node) => node.up);
}

/** Whether a majority votes for it: who has newer data or a newer configuration does not. */
export function wins(candidate: Mongod, find: Find): boolean {
  const { config } = candidate;
  if (config === undefined) return false;
  const lastOf = ({ writes }: Mongod): number => writes.at(-1) ?? -1;
  return isMajority(config, find, (voter) => {
    const knowsBetter = voter.config !== undefined && isNewer(voter.config, config);
    return voter.up && !knowsBetter && lastOf(voter) <= lastOf(candidate);
  });
}

/** A user as mongod keeps it. */
interface StoredUser {
  password: string;
  roles: unknown;
  customData?: { generation: number };
}

/** What all members of one set hold. */
export interface SetData {
  users: Map<string, StoredUser>;
  writeConcern?: string;
  /** featureCompatibilityVersion. */
  release: string;
  /** What it is on its way to be, where a change of it was interrupted. */
  target?: string;
}

/** What a mongod knows of its set, and does to it, when it is given a command. */
export interface CommandedSet {
  primary: number | undefined;
  hostOf(ordinal: number): string;
  find: Find;
  dataOf(node: Mongod): SetData;
  initiate(node: Mongod, config: SetConfig): void;
  stepDown(node: Mongod, seconds: number): void;
  reconfigure(node: Mongod, config: SetConfig): void;
}
