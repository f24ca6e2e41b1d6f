import type { MemberConfig, MemberIo, Scale, SetConfig } from '../../../../infra/database/members/types';
import { isVoter, refusalOf, setIdOf } from './reconfiguration-rules';

/** An error as mongod answers it. */
class ServerError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

interface Mongod {
  ordinal: number;
  up: boolean;
  /** Configuration on its disk. */
  config?: SetConfig | undefined;
  hasData: boolean;
  /** Tick until which it does not stand for election. */
  frozenUntil: number;
}

/** What all members of one set hold. */
interface SetData {
  users: Map<string, { password: string; roles: string[] }>;
  writeConcern?: string;
}

type Command = Record<string, unknown>;

const HOST = /^registry-(\d+)[.]/;
const clone = (config: SetConfig): SetConfig => structuredClone(config);

/**
 * mongod's rules for the members of a replica set, in memory: who is primary, what a reconfiguration may change, how
 * configurations and data reach members. Commands are answered at once; everything else happens at a tick.
 */
export class SimulatedSet {
  scale: Scale;
  now = 0;
  primary: number | undefined;
  /** Every configuration that was accepted, oldest first. */
  readonly accepted: SetConfig[] = [];
  readonly said: string[] = [];
  readonly passwords = { root: 'root-1', aios: 'aios-1' };
  readonly data = new Map<string, SetData>();
  /** Members that do not get filled for now. */
  readonly slow = new Set<number>();
  private readonly nodes = new Map<number, Mongod>();
  private sleepers: (() => void)[] = [];

  constructor(replicas: number) {
    this.scale = { replicas, existing: replicas, stopping: false };
    this.scaleTo(replicas);
  }

  /** As a change of the StatefulSet does; pods beyond the number still exist. */
  scaleTo(replicas: number): void {
    this.scale = { replicas, existing: Math.max(replicas, this.nodes.size), stopping: false };
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) this.start(ordinal);
  }

  hostOf = (ordinal: number): string => `registry-${ordinal}.registries.svc.cluster.local:27017`;

  ordinalOf = (host: string): number | undefined => {
    const match = HOST.exec(host);
    return match === null ? undefined : Number(match[1]);
  };

  start(ordinal: number): void {
    const node = this.nodes.get(ordinal) ?? { ordinal, up: true, hasData: false, frozenUntil: 0 };
    this.nodes.set(ordinal, { ...node, up: true });
  }

  stop(ordinal: number): void {
    this.node(ordinal).up = false;
    this.elect();
  }

  /** The pod is back with an empty disk. */
  loseDisk(ordinal: number): void {
    this.nodes.set(ordinal, { ordinal, up: true, hasData: false, frozenUntil: 0 });
    this.elect();
  }

  /** Ordinals of running mongods. */
  get running(): number[] {
    return [...this.nodes.values()].filter(({ up }) => up).map(({ ordinal }) => ordinal);
  }

  get config(): SetConfig {
    const config = this.accepted.at(-1);
    if (config === undefined) throw new Error('there is no replica set');
    return config;
  }

  /** Ordinals of the members, and of those that vote. */
  get membership(): { members: (number | undefined)[]; voters: (number | undefined)[] } {
    const of = (members: MemberConfig[]): (number | undefined)[] =>
      members.map(({ host }) => this.ordinalOf(host)).sort();
    return { members: of(this.config.members), voters: of(this.config.members.filter(isVoter)) };
  }

  /** Makes another member the primary. */
  electMember(ordinal: number): void {
    this.primary = ordinal;
  }

  /** Puts another configuration in force, as an operator could. */
  override(change: (config: SetConfig) => SetConfig): void {
    const config = change(clone(this.config));
    for (const node of this.nodes.values()) if (node.config !== undefined) node.config = clone(config);
    this.accepted.push(config);
  }

  /** Heartbeats: configurations spread, new members fill, a primary is elected; whoever slept wakes up. */
  async tick(): Promise<void> {
    this.now += 1000;
    if (this.primary !== undefined) this.heartbeat(this.node(this.primary).config);
    this.elect();
    const sleepers = this.sleepers;
    this.sleepers = [];
    for (const wake of sleepers) wake();
    await new Promise(setImmediate);
  }

  /** Lets time pass until something is done. */
  async during(work: Promise<void>): Promise<void> {
    const running = { work: true };
    const done = work.finally(() => (running.work = false));
    for (let ticks = 0; running.work && ticks < 200; ticks += 1) await this.tick();
    await done;
  }

  /** What members.js of one pod sees of the set. */
  io(ordinal: number): MemberIo {
    return {
      set: 'rs0',
      ordinal,
      hostOf: this.hostOf,
      ordinalOf: this.ordinalOf,
      command: (target, database, command) => Promise.resolve().then(() => this.answer(target, database, command)),
      credentials: () => [
        { name: 'root', password: this.passwords.root, roles: ['root'] },
        { name: 'aios', password: this.passwords.aios, roles: ['readWriteAnyDatabase'] },
      ],
      canLogIn: (user, password) =>
        Promise.resolve(this.dataOf(this.node(ordinal)).users.get(user)?.password === password),
      scale: () => Promise.resolve(this.scale),
      say: (message) => this.said.push(message),
      sleep: () => new Promise((wake) => this.sleepers.push(wake)),
      now: () => this.now,
    };
  }

  private node(ordinal: number): Mongod {
    const node = this.nodes.get(ordinal);
    if (node === undefined) throw new Error(`getaddrinfo ENOTFOUND ${this.hostOf(ordinal)}`);
    return node;
  }

  private dataOf(node: Mongod): SetData {
    const data = node.config && this.data.get(setIdOf(node.config));
    if (data === undefined) throw new ServerError(94, 'not yet initialized');
    return data;
  }

  private heartbeat(config: SetConfig | undefined): void {
    if (config === undefined) return;
    for (const node of this.nodes.values()) {
      const isOfOtherSet = node.config !== undefined && setIdOf(node.config) !== setIdOf(config);
      if (!node.up || isOfOtherSet) continue;
      const isMember = config.members.some(({ host }) => this.ordinalOf(host) === node.ordinal);
      const knows = node.config?.version === config.version;
      if (isMember && knows && !this.slow.has(node.ordinal)) node.hasData = true;
      if (isMember || node.config !== undefined) node.config = clone(config);
    }
  }

  private elect(): void {
    const isMajority = (config: SetConfig): boolean =>
      this.votersUp(config) > config.members.filter(isVoter).length / 2;
    const standing = [...this.nodes.values()].filter(({ up, config, hasData, ordinal }) => {
      const self = config?.members.find(({ host }) => this.ordinalOf(host) === ordinal);
      return up && hasData && config !== undefined && self !== undefined && self.priority !== 0 && isMajority(config);
    });
    if (standing.some(({ ordinal }) => ordinal === this.primary)) return;
    const newest = Math.max(...standing.map(({ config }) => config?.version ?? 0));
    const candidates = standing.filter((n) => n.config?.version === newest && n.frozenUntil <= this.now);
    // Not by ordinal: the last one, so that shrinking meets primaries that have to go.
    this.primary = candidates.at(-1)?.ordinal;
  }

  private votersUp(config: SetConfig): number {
    return config.members.filter((member) => {
      const ordinal = this.ordinalOf(member.host);
      return isVoter(member) && ordinal !== undefined && this.nodes.get(ordinal)?.up === true;
    }).length;
  }

  private answer(target: number, database: string, command: Command): unknown {
    const node = this.node(target);
    if (!node.up) throw new Error(`connect ECONNREFUSED ${this.hostOf(target)}`);
    const [name = ''] = Object.keys(command);
    if (database === 'local' && name === 'find') {
      return { cursor: { firstBatch: node.config === undefined ? [] : [clone(node.config)] } };
    }
    const isMember = node.config?.members.some(({ host }) => this.ordinalOf(host) === target) ?? false;
    if (name === 'hello') {
      if (!isMember)
        return { isWritablePrimary: false, secondary: false, info: 'Does not have a valid replica set config' };
      const primary = this.primary === undefined ? {} : { primary: this.hostOf(this.primary) };
      return { setName: 'rs0', isWritablePrimary: this.primary === target, ...primary };
    }
    if (name === 'replSetInitiate') return this.initiate(node, command[name] as SetConfig);
    if (node.config === undefined) throw new ServerError(94, 'no replset config has been received');
    if (name === 'replSetGetConfig') return { config: clone(node.config) };
    if (!isMember) throw new ServerError(93, 'Our replica set config is invalid or we are not a member of it');
    if (name === 'replSetGetStatus') return this.status(node, node.config);
    return this.administer(node, name, command);
  }

  private status(node: Mongod, config: SetConfig): unknown {
    const members = config.members.map(({ _id, host }) => {
      const ordinal = this.ordinalOf(host);
      const peer = ordinal === undefined ? undefined : this.nodes.get(ordinal);
      const self = ordinal === node.ordinal ? { self: true } : {};
      if (!peer?.up) return { _id, name: host, health: 0, state: 8, ...self };
      const state = ordinal === this.primary ? 1 : peer.hasData ? 2 : 5;
      return { _id, name: host, health: 1, state, ...self };
    });
    return { members };
  }

  private administer(node: Mongod, name: string, command: Command): unknown {
    const data = this.dataOf(node);
    if (name === 'usersInfo') {
      const { user } = command[name] as { user: string };
      const roles = data.users.get(user)?.roles.map((role) => ({ role, db: 'admin' }));
      return { users: roles === undefined ? [] : [{ user, roles }] };
    }
    if (name === 'getDefaultRWConcern') {
      return { defaultWriteConcernSource: data.writeConcern === undefined ? 'implicit' : 'global' };
    }
    if (this.primary !== node.ordinal) throw new ServerError(10107, 'not primary');
    switch (name) {
      case 'setDefaultRWConcern':
        data.writeConcern = (command.defaultWriteConcern as { w: string }).w;
        return {};
      case 'createUser':
      case 'updateUser': {
        const user = command[name] as string;
        if (data.users.has(user) !== (name === 'updateUser')) throw new ServerError(51003, `${name} ${user}`);
        const roles = (command.roles as { role: string }[]).map(({ role }) => role);
        data.users.set(user, { password: command.pwd as string, roles });
        return {};
      }
      case 'replSetStepDown':
        return this.stepDown(node, command[name] as number);
      case 'replSetReconfig':
        return this.reconfigure(node, command[name] as SetConfig);
      default:
        throw new ServerError(59, `no such command: ${name}`);
    }
  }

  private initiate(node: Mongod, config: SetConfig): unknown {
    if (node.config !== undefined) throw new ServerError(23, 'already initialized');
    const initial = { ...config, version: 1, settings: { replicaSetId: `set-${this.data.size}` } };
    Object.assign(node, { config: clone(initial), hasData: true });
    this.data.set(setIdOf(initial), { users: new Map() });
    this.accepted.push(initial);
    this.elect();
    return {};
  }

  private stepDown(node: Mongod, seconds: number): unknown {
    const successor = node.config?.members.some((member) => {
      const peer = this.nodes.get(this.ordinalOf(member.host) ?? -1);
      return peer?.up && peer.hasData && peer !== node && member.priority !== 0;
    });
    if (!successor) throw new ServerError(262, 'No electable secondaries caught up');
    node.frozenUntil = this.now + seconds * 1000;
    this.primary = undefined;
    return {};
  }

  private reconfigure(node: Mongod, config: SetConfig): unknown {
    const current = node.config;
    if (current === undefined) throw new ServerError(94, 'no replset config has been received');
    const refusal = refusalOf(current, config);
    if (refusal !== undefined) throw new ServerError(103, refusal);
    const self = config.members.find(({ host }) => this.ordinalOf(host) === node.ordinal);
    if (self === undefined || self.priority === 0) throw new ServerError(93, 'this node must be electable');
    if (this.votersUp(config) <= config.members.filter(isVoter).length / 2) {
      throw new ServerError(91, 'Quorum check failed because not enough voting nodes responded');
    }
    const before = current.members.filter(isVoter);
    const informed = before.filter(({ host }) => {
      const peer = this.nodes.get(this.ordinalOf(host) ?? -1);
      return peer?.up && peer.config?.version === current.version;
    });
    if (informed.length <= before.length / 2)
      throw new ServerError(308, 'Cannot run replSetReconfig because the current config is not committed');
    node.config = clone(config);
    this.accepted.push(clone(config));
    return {};
  }
}
