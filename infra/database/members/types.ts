import type { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';

/** A member of a replica set's configuration; MongoDB has more fields, which are kept. */
export interface MemberConfig {
  _id: number;
  host: string;
  votes?: number;
  priority?: number;
}

/** A replica set's configuration, as `replSetGetConfig` answers it. */
export interface SetConfig {
  _id: string;
  version?: number;
  members: MemberConfig[];
  settings?: { replicaSetId?: unknown };
}

/** What one member knows before it decides, by `nextStep` of decide.js. */
export type View = BlindView | NewMemberView | MemberView | PrimaryView;

interface CommonView {
  /** Name of the replica set. */
  set: string;
  /** Name and namespace of the StatefulSet. */
  name: string;
  namespace: string;
  /** Ordinal of this member's pod. */
  ordinal: number;
  hostOf(ordinal: number): string;
  /** Undefined for hosts that are not pods of the StatefulSet. */
  ordinalOf(host: string): number | undefined;
  setId: string | undefined;
  hasPrimary: boolean;
  /** The members that were asked: all of them before a set is initiated, the missing ones on a primary. */
  others: OtherMember[];
}

/** How many members there should be cannot be told. */
interface BlindView extends CommonView {
  wanted: undefined;
  /** Why it cannot. */
  problem: string;
  configured: 'yes' | 'no';
  primary: boolean;
}

interface KnowingView extends CommonView {
  wanted: number;
}

/** This member has no configuration on its disk. */
export interface NewMemberView extends KnowingView {
  configured: 'no';
  primary: false;
  mark: Mark;
}

export interface MemberView extends KnowingView {
  configured: 'yes';
  primary: false;
  /** Set where this member can never catch up by itself. */
  outrun?: Outrun;
  /** Asked where there is no primary. */
  ailments: Ailment[];
}

/** What a primary sees of the set that it governs. */
export interface PrimaryView extends KnowingView, PrimaryKnowledge {
  configured: 'yes';
  primary: true;
}

/** What is known on a primary alone. */
export interface PrimaryKnowledge {
  config: SetConfig;
  isHealthy(member: MemberConfig): boolean;
  isSelf(member: MemberConfig): boolean;
  users: { name: string; state: 'current' | 'outdated' | 'missing' | 'former' }[];
  writeConcernSet: boolean;
  mark: Mark;
  ailments: Ailment[];
  release: Release;
}

/** What is noted, outside of the members' disks, of a replica set that was initiated: its replicaSetId, if there was one. */
export type Mark = { known: true; setId: string | undefined } | { known: false; problem: string };

/** A member that is neither PRIMARY nor SECONDARY, and what the one that was asked knows of the reason. */
export interface Ailment {
  id: number;
  host: string;
  state: string;
  message: string | undefined;
}

/** A member's data is older than all that the primary still has of its changes. */
export interface Outrun {
  /** Time of the member's last change. */
  last: string;
  /** Time of the first change that the primary has. */
  oldest: string;
}

/** Releases as `major.minor`. */
export interface Release {
  /** That mongod of the primary is of. */
  own: string | undefined;
  /** featureCompatibilityVersion of the data. */
  current: string | undefined;
  /** That it is being changed to; an interrupted change has to be repeated. */
  target: string | undefined;
  /** Releases of the members by host; asked only where the data is of another release than the primary. */
  members: Map<string, string | undefined>;
}

/** What a member knows of itself, whatever the set is like. */
export interface OwnState {
  hello: { setName?: string; isWritablePrimary?: boolean; secondary?: boolean; primary?: string };
  /** It is PRIMARY or SECONDARY. */
  serves: boolean;
  /** MongoDB's name of its state, where it does not serve. */
  state?: string;
  status?: SetStatus | undefined;
}

/** Another member, as far as it answers. */
export interface OtherMember {
  ordinal: number;
  configured: 'yes' | 'no' | 'unknown';
  setId?: string | undefined;
  /** Why it is unknown. */
  error?: string;
}

/** Something that a primary sees to: undefined where all is well. */
export type Concern = (view: PrimaryView) => Step | undefined;

/** What a member does next. */
export type Step = { reason?: string; user?: string } & (
  | { action: 'rest' | 'setWriteConcern' }
  | Waiting
  | { action: 'initiate'; config: SetConfig }
  | { action: 'reconfigure'; reason: string; config: SetConfig }
  | { action: 'stepDown'; reason: string }
  | { action: 'mark'; setId: string }
  | { action: 'setCompatibility'; release: string; confirm: boolean }
  | { action: 'createUser' | 'updateUser' | 'dropUser'; user: string }
);

/** Nothing can be done now. */
export interface Waiting {
  action: 'wait';
  reason: string;
}

/** How many members the StatefulSet is to have, and has. */
export interface Scale {
  replicas: number;
  /** Pods that may exist: while the set shrinks, more than `replicas`. */
  existing: number;
  /** The set is deleted or scaled to zero: its members stop, and stay members. */
  stopping: boolean;
}

/** A user that there is to be. */
export interface Credential {
  name: string;
  password: string;
  roles: { role: string; db: string }[];
  /** Of the rotation that brought it; absent for users that stay. */
  generation?: number;
}

/** The state of a set's members, as `replSetGetStatus` answers it. */
export interface SetStatus {
  members: {
    _id: number;
    name: string;
    self?: boolean;
    health: number;
    state: number;
    stateStr: string;
    lastHeartbeatMessage?: string;
    optimeDate?: Date;
  }[];
}

/** Users, as `usersInfo` answers it. */
export interface UsersReply {
  users: { user: string; roles: { role: string; db: string }[]; customData?: { generation?: unknown } }[];
}

/** What a member asks and acts through. */
export interface MemberIo {
  set: string;
  name: string;
  namespace: string;
  ordinal: number;
  hostOf(ordinal: number): string;
  ordinalOf(host: string): number | undefined;
  /** Runs a command on the member with this ordinal; rejects with the server's error, or where it does not answer. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what mongod answers
  command(ordinal: number, database: string, command: Record<string, unknown>): Promise<any>;
  credentials(): Credential[];
  /** The last rotation that has reached all clients; undefined where it cannot be told. */
  completedRotation(): number | undefined;
  canLogIn(user: string, password: string): Promise<boolean>;
  /** Has mongod use the certificate that the Secret has, where it is over TLS. @throws where it is not to be had */
  renewCertificate(): Promise<void>;
  /** @throws where the API server does not answer, or refuses */
  scale(): Promise<Scale>;
  /** The replicaSetId that is noted; undefined where none is. @throws where it cannot be told */
  readMark(): Promise<string | undefined>;
  writeMark(setId: string): Promise<void>;
  /** Lets others know that this member is the primary, as far as the API server lets it. */
  announce(): Promise<void>;
  /** Lets the readiness probe know: of nothing where the member serves, else of why it does not. */
  report(problem: string): void;
  /** Puts a warning among the pod's events. */
  warn(message: string): Promise<void>;
  say(message: string): void;
  sleep(milliseconds: number): Promise<void>;
  /** Acts later, unless what it returns is called before. */
  after(milliseconds: number, act: () => void): () => void;
  now(): number;
}

/** A connection of mongosh. */
export interface Connection {
  getDB(name: string): { runCommand(command: Record<string, unknown>): Promise<unknown> };
  close(force?: boolean): Promise<void>;
}

/** An answer of the API server. */
export interface ApiAnswer {
  status: number | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- may be anything
  body: any;
}

/** What {@link podIo} needs of Node and mongosh. */
export interface PodHost {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- set by the container, see containers.ts
  env: Record<string, any>;
  fs: {
    readFileSync(path: string, encoding: 'utf8'): string;
    readFileSync(path: string): string | Buffer;
    writeFileSync(path: string, text: string, options?: { mode: number }): void;
    renameSync(from: string, to: string): void;
  };
  https: { request(options: RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest };
  connect(uri: string): Promise<Connection>;
  sleep(milliseconds: number): Promise<void>;
  log(message: string): void;
}

/** What the script hands to tests, which run it without mongosh. */
export interface MembersScript {
  /** Looks, decides and acts once. */
  pass: (io: MemberIo) => Promise<Step>;
  /** Waits before a member stops until the set can do without it, or `deadline` (milliseconds of `io.now`) has passed. */
  leave: (io: MemberIo, deadline: number) => Promise<void>;
  /** The {@link MemberIo} of a pod. */
  podIo: (host: PodHost) => MemberIo;
  /** Passes for as long as the pod lives. @throws where a pass does not end */
  watch: (io: MemberIo) => Promise<never>;
  /** Reads an answer of the API server to a request for the StatefulSet. @throws where it is none */
  scaleOf: (answer: ApiAnswer) => Scale;
}
