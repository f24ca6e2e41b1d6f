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
export interface View {
  /** Name of the replica set. */
  set: string;
  /** Ordinal of this member's pod. */
  ordinal: number;
  /** Members that there should be; undefined where that cannot be told. */
  wanted: number | undefined;
  hostOf(ordinal: number): string;
  /** Undefined for hosts that are not pods of the StatefulSet. */
  ordinalOf(host: string): number | undefined;
  /** Whether this member has a configuration on its disk. */
  configured: 'yes' | 'no';
  setId: string | undefined;
  primary: boolean;
  hasPrimary: boolean;
  /** The members that were asked: all of them before a set is initiated, the missing ones on a primary. */
  others: { ordinal: number; configured: 'yes' | 'no' | 'unknown'; setId?: string | undefined }[];
  /** The rest is known on a primary. */
  config?: SetConfig;
  isHealthy?(member: MemberConfig): boolean;
  isSelf?(member: MemberConfig): boolean;
  users?: { name: string; state: 'current' | 'outdated' | 'missing' }[];
  writeConcernSet?: boolean;
}

/** What a member does next. */
export type Step =
  | { action: 'rest' }
  | { action: 'wait'; reason: string }
  | { action: 'initiate'; config: SetConfig }
  | { action: 'reconfigure'; reason: string; config: SetConfig }
  | { action: 'stepDown'; reason: string }
  | { action: 'setWriteConcern' }
  | { action: 'createUser' | 'updateUser'; user: string };

/** How many members the StatefulSet is to have, and has. */
export interface Scale {
  replicas: number;
  /** Pods that may exist: while the set shrinks, more than `replicas`. */
  existing: number;
  /** The set is deleted or scaled to zero: its members stop, and stay members. */
  stopping: boolean;
}

/** What a member asks and acts through. */
export interface MemberIo {
  set: string;
  ordinal: number;
  hostOf(ordinal: number): string;
  ordinalOf(host: string): number | undefined;
  /** Runs a command on the member with this ordinal; rejects with the server's error, or where it does not answer. */
  command(ordinal: number, database: string, command: Record<string, unknown>): Promise<unknown>;
  credentials(): { name: string; password: string; roles: string[] }[];
  canLogIn(user: string, password: string): Promise<boolean>;
  scale(): Promise<Scale | undefined>;
  say(message: string): void;
  sleep(milliseconds: number): Promise<void>;
  now(): number;
}

/** What {@link podIo} needs of Node and mongosh. */
export interface PodHost {
  env: Record<string, string | undefined>;
  fs: { readFileSync(path: string, encoding?: 'utf8'): string | Buffer };
  https: { get: (...args: never[]) => unknown };
  connect(uri: string): Promise<{
    getDB(name: string): { runCommand(command: Record<string, unknown>): Promise<unknown> };
    close(force?: boolean): Promise<void>;
  }>;
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
  /** Reads an answer of the API server to a request for the StatefulSet. */
  scaleOf: (answer: { status: number; body: unknown }) => Scale | undefined;
}
