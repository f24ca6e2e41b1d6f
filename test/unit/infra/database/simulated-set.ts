import type { Credential, MemberConfig, MemberIo, Scale, SetConfig } from '../../../../infra/database/members/types';
import { isVoter, refusalOf, setIdOf } from './reconfiguration-rules';
import { answerTo } from './simulated-commands';
import {
  canGovern,
  emptyMongod,
  type Find,
  isMajority,
  isNewer,
  type Mongod,
  type SetData,
  ServerError,
  wins,
} from './simulated-mongod';

const HOST = /^registry-(\d+)[.]/;
const clone = <T>(value: T): T => structuredClone(value);

/**
 * mongod's rules for the members of a replica set, in memory: who is primary, what a reconfiguration may change, how
 * configurations and data reach members. Commands are answered at once; everything else happens at a tick.
 */
export class SimulatedSet {
  scale: Scale;
  /** Whether the API server does not answer. */
  apiDown = false;
  /** What is noted outside of the disks. */
  mark: string | undefined;
  now = 0;
  term = 0;
  primary: number | undefined;
  /** Every configuration that was accepted, oldest first. */
  readonly accepted: SetConfig[] = [];
  readonly said: string[] = [];
  readonly warnings: string[] = [];
  /** What the readiness probe of each member finds. */
  readonly reports = new Map<number, string>();
  /** What the Secret has. */
  credentials: Credential[] = [
    { name: 'root', password: 'root-1', roles: [{ role: 'root', db: 'admin' }] },
    { name: 'tasks-db-0', password: 'tasks-1', roles: [{ role: 'readWrite', db: 'tasks' }], generation: 0 },
  ];
  /** The last rotation that has reached all clients. */
  completed: number | undefined;
  readonly data = new Map<string, SetData>();
  /** Writes that clients were told are safe. */
  readonly acknowledged: number[] = [];
  /** Members that do not get filled for now. */
  readonly slow = new Set<number>();
  private readonly nodes = new Map<number, Mongod>();
  private sleepers: (() => void)[] = [];
  private nextWrite = 0;

  constructor(
    replicas: number,
    /** Of the mongods of pods that start. */
    public release = '6.0',
  ) {
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

  find: Find = ({ host }) => this.nodes.get(this.ordinalOf(host) ?? -1);

  start(ordinal: number): void {
    const node = this.nodes.get(ordinal) ?? emptyMongod(ordinal, this.release);
    this.nodes.set(ordinal, { ...node, up: true, release: this.release });
  }

  stop(ordinal: number): void {
    this.node(ordinal).up = false;
    this.elect();
  }

  /** The pod is back with an empty disk. */
  loseDisk(ordinal: number): void {
    this.nodes.set(ordinal, emptyMongod(ordinal, this.release));
    this.elect();
  }

  /** The member was away for longer than the others keep changes. */
  outrun(ordinal: number): void {
    this.node(ordinal).outrun = true;
    this.elect();
  }

  /** All mongods, running or not. */
  get mongods(): readonly Mongod[] {
    return [...this.nodes.values()];
  }

  /** Ordinals of running mongods. */
  get running(): number[] {
    return this.mongods.filter(({ up }) => up).map(({ ordinal }) => ordinal);
  }

  /** Whether there is no primary for the only reason that who stepped down has to wait. */
  get mayElect(): boolean {
    return this.primary === undefined && this.mongods.some(({ up, frozenUntil }) => up && frozenUntil > this.now);
  }

  /** The configuration in force. */
  get config(): SetConfig {
    const known = this.mongods.flatMap(({ config }) => config ?? []);
    const [newest] = known.sort((a, b) => (isNewer(a, b) ? -1 : 1));
    if (newest === undefined) throw new Error('there is no replica set');
    return (this.primary === undefined ? undefined : this.node(this.primary).config) ?? newest;
  }

  /** Ordinals of the members, and of those that vote. */
  get membership(): { members: (number | undefined)[]; voters: (number | undefined)[] } {
    const of = (members: MemberConfig[]): (number | undefined)[] =>
      members.map(({ host }) => this.ordinalOf(host)).sort();
    return { members: of(this.config.members), voters: of(this.config.members.filter(isVoter)) };
  }

  /** Makes another member the primary. */
  electMember(ordinal: number): void {
    this.govern(this.node(ordinal));
  }

  /** A client writes, and waits for a majority. */
  write(): void {
    if (this.primary === undefined) return;
    const primary = this.node(this.primary);
    primary.writes.push((this.nextWrite += 1));
    this.replicate(primary, ({ hasData }) => hasData);
    const isSafe = primary.config && isMajority(primary.config, this.find, this.has(this.nextWrite));
    if (isSafe) this.acknowledged.push(this.nextWrite);
  }

  /** Puts another configuration in force, as an operator could. */
  override(change: (config: SetConfig) => SetConfig): void {
    const config = { ...change(clone(this.config)), term: this.term };
    for (const node of this.nodes.values()) if (node.config !== undefined) node.config = clone(config);
    this.accepted.push(config);
  }

  /** Heartbeats: configurations spread, new members fill, a primary is elected; whoever slept wakes up. */
  async tick(): Promise<void> {
    this.now += 1000;
    // In this order: a member that has just got the configuration has no data yet.
    if (this.primary !== undefined) this.replicate(this.node(this.primary), () => true);
    this.spread();
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
    const api = <T>(answer: () => T): Promise<T> =>
      this.apiDown ? Promise.reject(new Error('the API server does not answer')) : Promise.resolve().then(answer);
    return {
      set: 'rs0',
      name: 'registry',
      namespace: 'registries',
      ordinal,
      hostOf: this.hostOf,
      ordinalOf: this.ordinalOf,
      command: (target, database, command) =>
        Promise.resolve().then(() => answerTo(this, this.node(target), database, command)),
      credentials: () => this.credentials,
      completedRotation: () => this.completed,
      canLogIn: (user, password) =>
        Promise.resolve(this.dataOf(this.node(ordinal)).users.get(user)?.password === password),
      renewCertificate: () => Promise.resolve(),
      scale: () => api(() => this.scale),
      readMark: () => api(() => this.mark),
      announce: () => Promise.resolve(),
      writeMark: (setId) => api(() => void (this.mark = setId)),
      report: (problem) => this.reports.set(ordinal, problem),
      warn: (message) => api(() => void this.warnings.push(message)),
      say: (message) => this.said.push(message),
      sleep: () => new Promise((wake) => this.sleepers.push(wake)),
      after: () => () => undefined,
      now: () => this.now,
    };
  }

  dataOf(node: Mongod): SetData {
    const data = node.config && this.data.get(setIdOf(node.config));
    if (data === undefined) throw new ServerError(94, 'not yet initialized');
    return data;
  }

  initiate(node: Mongod, config: SetConfig): void {
    if (node.config !== undefined) throw new ServerError(23, 'already initialized');
    if (config.settings?.replicaSetId !== undefined) throw new ServerError(93, 'replicaSetId cannot be chosen');
    const initial = { ...config, version: 1, term: this.term, settings: { replicaSetId: `set-${this.data.size}` } };
    Object.assign(node, { config: clone(initial), hasData: true });
    this.data.set(setIdOf(initial), { users: new Map(), release: node.release });
    this.accepted.push(initial);
    this.elect();
  }

  stepDown(node: Mongod, seconds: number): void {
    const successor = node.config?.members.some((member) => {
      const peer = this.find(member);
      const isReady = peer?.up && peer.hasData && !peer.outrun && peer.writes.length >= node.writes.length;
      return isReady && peer !== node && member.priority !== 0;
    });
    if (!successor) throw new ServerError(262, 'No electable secondaries caught up');
    node.frozenUntil = this.now + seconds * 1000;
    this.primary = undefined;
  }

  reconfigure(node: Mongod, config: SetConfig): void {
    const current = node.config;
    if (current === undefined) throw new ServerError(94, 'no replset config has been received');
    const refusal = refusalOf(current, config);
    if (refusal !== undefined) throw new ServerError(103, refusal);
    const self = config.members.find(({ host }) => this.ordinalOf(host) === node.ordinal);
    if (self === undefined || self.priority === 0) throw new ServerError(93, 'this node must be electable');
    if (!isMajority(config, this.find, ({ up }) => up)) {
      throw new ServerError(91, 'Quorum check failed because not enough voting nodes responded');
    }
    const isCommitted = isMajority(current, this.find, (peer) => {
      return peer.up && peer.config !== undefined && !isNewer(current, peer.config);
    });
    const last = this.acknowledged.at(-1);
    if (!isCommitted || (last !== undefined && !isMajority(current, this.find, this.has(last)))) {
      throw new ServerError(308, 'Cannot run replSetReconfig because the current config is not committed');
    }
    node.config = { ...clone(config), term: this.term };
    this.accepted.push(clone(config));
  }

  private node(ordinal: number): Mongod {
    const node = this.nodes.get(ordinal);
    if (node === undefined) throw new Error(`getaddrinfo ENOTFOUND ${this.hostOf(ordinal)}`);
    return node;
  }

  private has(write: number): (node: Mongod) => boolean {
    return ({ writes }) => writes.includes(write);
  }

  /** The newest configuration reaches whoever is up, but members of another set. */
  private spread(): void {
    const known = this.mongods.flatMap(({ up, config }) => (up && config !== undefined ? [config] : []));
    const [newest] = known.sort((a, b) => (isNewer(a, b) ? -1 : 1));
    if (newest === undefined) return;
    for (const node of this.nodes.values()) {
      const isOfOtherSet = node.config !== undefined && setIdOf(node.config) !== setIdOf(newest);
      if (!node.up || isOfOtherSet) continue;
      const isMember = newest.members.some((member) => this.find(member) === node);
      if (isMember || node.config !== undefined) node.config = newest;
    }
  }

  /** Its members get what the primary has. */
  private replicate({ config, writes }: Mongod, to: (node: Mongod) => boolean): void {
    for (const member of config?.members ?? []) {
      const node = this.find(member);
      if (!node?.up || !to(node) || node.outrun || this.slow.has(node.ordinal)) continue;
      if (!node.hasData && node.config?.version !== config?.version) continue;
      node.hasData = true;
      node.writes = [...writes];
    }
  }

  private elect(): void {
    const selfOf = ({ config, ordinal }: Mongod): MemberConfig | undefined =>
      config?.members.find(({ host }) => this.ordinalOf(host) === ordinal);
    const standing = this.mongods.filter((node) => canGovern(node, selfOf(node), this.find));
    if (standing.some(({ ordinal }) => ordinal === this.primary)) return;
    const candidates = standing.filter((node) => node.frozenUntil <= this.now && wins(node, this.find));
    // Not by ordinal: the last one, so that shrinking meets primaries that have to go.
    const winner = candidates.at(-1);
    this.primary = undefined;
    if (winner !== undefined) this.govern(winner);
  }

  private govern(node: Mongod): void {
    if (node.config === undefined) return;
    this.primary = node.ordinal;
    this.term += 1;
    node.config = { ...node.config, term: this.term };
  }
}
