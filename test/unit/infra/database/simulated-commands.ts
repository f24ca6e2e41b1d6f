import type { SetConfig } from '../../../../infra/database/members/types';
import { type CommandedSet, type Mongod, ServerError } from './simulated-mongod';

type Command = Record<string, unknown>;

/** Time of the last change of members that were away for too long, and of the first that the others still have. */
const OUTRUN = { last: new Date('2026-01-01T00:00:00Z'), oldest: new Date('2026-01-03T00:00:00Z') };

/** What a mongod answers to the commands of the members script. */
export function answerTo(set: CommandedSet, node: Mongod, database: string, command: Command): unknown {
  if (!node.up) throw new Error(`connect ECONNREFUSED ${set.hostOf(node.ordinal)}`);
  const [name = ''] = Object.keys(command);
  if (database === 'local' && name === 'find') return { cursor: { firstBatch: local(node, command[name]) } };
  if (name === 'buildInfo') return { version: `${node.release}.1` };
  const isMember = node.config?.members.some((member) => set.find(member) === node) ?? false;
  if (name === 'hello') return hello(set, node, isMember);
  if (name === 'replSetInitiate') {
    set.initiate(node, command[name] as SetConfig);
    return {};
  }
  if (node.config === undefined) throw new ServerError(94, 'no replset config has been received');
  if (name === 'replSetGetConfig') return { config: structuredClone(node.config) };
  if (!isMember) throw new ServerError(93, 'Our replica set config is invalid or we are not a member of it');
  if (name === 'replSetGetStatus') return status(set, node, node.config);
  return readData(set, node, name) ?? changeData(set, node, name, command);
}

function local(node: Mongod, collection: unknown): unknown[] {
  if (collection === 'oplog.rs') return [{ wall: OUTRUN.oldest }];
  return node.config === undefined ? [] : [structuredClone(node.config)];
}

function hello(set: CommandedSet, node: Mongod, isMember: boolean): unknown {
  if (!isMember)
    return { isWritablePrimary: false, secondary: false, info: 'Does not have a valid replica set config' };
  const primary = set.primary === undefined ? {} : { primary: set.hostOf(set.primary) };
  const state = stateOf(set, node);
  return { setName: 'rs0', isWritablePrimary: state === 1, secondary: state === 2, ...primary };
}

const STATES: Record<number, string> = { 1: 'PRIMARY', 2: 'SECONDARY', 3: 'RECOVERING', 5: 'STARTUP2' };

function stateOf(set: CommandedSet, node: Mongod): number {
  if (set.primary === node.ordinal) return 1;
  if (node.outrun) return 3;
  return node.hasData ? 2 : 5;
}

function status(set: CommandedSet, node: Mongod, config: SetConfig): unknown {
  const members = config.members.map((member) => {
    const peer = set.find(member);
    const common = { _id: member._id, name: member.host, ...(peer === node && { self: true }) };
    if (!peer?.up) {
      return { ...common, health: 0, state: 8, stateStr: '(not reachable/healthy)', lastHeartbeatMessage: 'refused' };
    }
    const state = stateOf(set, peer);
    return { ...common, health: 1, state, stateStr: STATES[state], ...(peer.outrun && { optimeDate: OUTRUN.last }) };
  });
  return { members };
}

function readData(set: CommandedSet, node: Mongod, name: string): unknown {
  const data = set.dataOf(node);
  switch (name) {
    case 'usersInfo':
      return { users: [...data.users].map(([user, { roles, customData }]) => ({ user, roles, customData })) };
    case 'getDefaultRWConcern':
      return { defaultWriteConcernSource: data.writeConcern === undefined ? 'implicit' : 'global' };
    case 'getParameter':
      return {
        featureCompatibilityVersion: { version: data.release, ...(data.target && { targetVersion: data.target }) },
      };
    default:
      return undefined;
  }
}

function changeData(set: CommandedSet, node: Mongod, name: string, command: Command): unknown {
  if (set.primary !== node.ordinal) throw new ServerError(10107, 'not primary');
  const data = set.dataOf(node);
  switch (name) {
    case 'setDefaultRWConcern':
      data.writeConcern = (command.defaultWriteConcern as { w: string }).w;
      return {};
    case 'setFeatureCompatibilityVersion': {
      const wanted = command[name] as string;
      if (Number(wanted) >= 7 !== (command.confirm === true)) throw new ServerError(72, 'confirm');
      const members = node.config?.members.map(set.find) ?? [];
      const other = members.find((member) => member?.release !== wanted);
      if (other !== undefined) throw new ServerError(2, `${other.ordinal} could not read data of ${wanted}`);
      data.release = wanted;
      delete data.target;
      return {};
    }
    case 'createUser':
    case 'updateUser': {
      const user = command[name] as string;
      if (data.users.has(user) !== (name === 'updateUser')) throw new ServerError(51003, `${name} ${user}`);
      const { pwd, roles, customData } = command as {
        pwd: string;
        roles: unknown;
        customData?: { generation: number };
      };
      data.users.set(user, { password: pwd, roles, ...(customData && { customData }) });
      return {};
    }
    case 'dropUser':
      if (!data.users.delete(command[name] as string)) throw new ServerError(11, 'User not found');
      return {};
    case 'replSetStepDown':
      set.stepDown(node, command[name] as number);
      return {};
    case 'replSetReconfig':
      set.reconfigure(node, command[name] as SetConfig);
      return {};
    default:
      throw new ServerError(59, `no such command: ${name}`);
  }
}
