import { dirname } from 'node:path/posix';
import type { types } from '@pulumi/kubernetes';
import { livenessProbe, startupProbe } from '../workload/probes';
import { confined } from '../workload/security';
import { memberDomain } from './addresses';
import { type Database, MONGODB_ID, PATHS, PORT, REPLICA_SET } from './identity';
import { SCRIPT } from './membership';
import { DATA_VOLUME } from './storage';

type Container = types.input.core.v1.Container;

/** Longest that a member waits, in seconds, before it stops, for the others to do without it. */
const LEAVE_SECONDS = 110;

/** Seconds that a pod has to stop: leaving the set, and then a clean shutdown of mongod. */
export const GRACE_SECONDS = 180;

const MOUNTS = {
  data: { name: DATA_VOLUME, mountPath: '/data/db' },
  keyfile: { name: 'keyfile', mountPath: dirname(PATHS.keyfile) },
  keyfileSecret: { name: 'keyfile-secret', mountPath: '/secrets', readOnly: true },
  credentials: { name: 'credentials', mountPath: PATHS.credentials, readOnly: true },
  script: { name: 'script', mountPath: '/etc/members/script', readOnly: true },
  token: { name: 'token', mountPath: PATHS.serviceAccount, readOnly: true },
  signals: { name: 'signals', mountPath: '/run/members' },
  temporary: { name: 'tmp', mountPath: '/tmp' },
} as const satisfies Record<string, types.input.core.v1.VolumeMount>;

/** Exists once the container `members` has seen to it that mongod may stop. */
const LEFT = `${MOUNTS.signals.mountPath}/left`;

// mongosh would write a log of every command into its home.
const mongoshEnv = { name: 'HOME', value: '/nonexistent' };

/** mongod itself. */
export function mongod({ config }: Database): Container {
  return {
    name: 'mongod',
    image: config.image,
    command: ['mongod'],
    args: mongodArgs(config.cacheGB),
    env: [mongoshEnv],
    ports: [{ name: 'mongodb', containerPort: PORT, protocol: 'TCP' }],
    resources: config.resources,
    securityContext: confined,
    volumeMounts: [MOUNTS.data, { ...MOUNTS.keyfile, readOnly: true }, MOUNTS.signals, MOUNTS.temporary],
    ...probes,
    lifecycle: {
      preStop: { exec: { command: ['bash', '-c', waitFor(LEFT, LEAVE_SECONDS + 5)] } },
    },
  };
}

function mongodArgs(cacheGB: number): string[] {
  return [
    ...['--replSet', REPLICA_SET, '--bind_ip_all', '--port', `${PORT}`],
    ...['--dbpath', MOUNTS.data.mountPath, '--keyFile', PATHS.keyfile],
    ...['--wiredTigerCacheSizeGB', `${cacheGB}`],
    // The members script has the keyfile: nobody needs to be let in without a password.
    ...['--setParameter', 'enableLocalhostAuthBypass=false'],
  ];
}

const listens = { tcpSocket: { port: PORT } };

/** Seconds that a start may take: after a crash the journal is replayed before mongod listens. */
const START_SECONDS = 30 * 60;

/**
 * Probes of mongod. mongosh costs cpu and may hang: liveness does without, and readiness asks seldom and waits long.
 * Readiness is no membership: a member has to be up before the set can take it in.
 */
const probes = {
  startupProbe: startupProbe(listens, START_SECONDS),
  livenessProbe: livenessProbe(listens, 10),
  readinessProbe: {
    exec: {
      command: [
        'mongosh',
        ...['--quiet', '--norc', '--eval', 'db.adminCommand({ ping: 1 }).ok'],
        `mongodb://127.0.0.1:${PORT}/?directConnection=true&serverSelectionTimeoutMS=15000`,
      ],
    },
    periodSeconds: 20,
    timeoutSeconds: 20,
    failureThreshold: 3,
  },
} satisfies Partial<Container>;

/** Runs the members script beside mongod, with the pod's only access to the API server and to the users' passwords. */
export function members(database: Database): Container {
  const mongosh = `mongosh --nodb --quiet --norc ${MOUNTS.script.mountPath}/${SCRIPT}`;
  return {
    name: 'members',
    image: database.config.image,
    command: mongosh.split(' '),
    env: [
      mongoshEnv,
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', value: database.namespace },
      { name: 'STATEFUL_SET', value: database.name },
      { name: 'REPLICA_SET', value: REPLICA_SET },
      { name: 'MEMBER_DOMAIN', value: memberDomain(database) },
      { name: 'LEAVE_SECONDS', value: `${LEAVE_SECONDS}` },
    ],
    // mongosh takes up to 160 MiB, and there are two while the pod stops.
    resources: { requests: { cpu: '20m', memory: '192Mi' }, limits: { memory: '512Mi' } },
    securityContext: confined,
    volumeMounts: [
      { ...MOUNTS.keyfile, readOnly: true },
      ...[MOUNTS.credentials, MOUNTS.script, MOUNTS.token, MOUNTS.signals, MOUNTS.temporary],
    ],
    // Both containers are told to stop at once: mongod waits for what this one does, and is there until it is done.
    lifecycle: {
      preStop: { exec: { command: ['bash', '-c', `MEMBERS_TASK=leave ${mongosh}; touch ${LEFT}`] } },
    },
  };
}

/**
 * Copies the keyfile to where only mongod can read it: the files of a Secret volume are readable by the pod's group, and
 * mongod refuses such a keyfile.
 */
export function keyfileCopy({ config }: Database): Container {
  return {
    name: 'keyfile',
    image: config.image,
    command: ['install', '-m', '0400', `${MOUNTS.keyfileSecret.mountPath}/keyfile`, PATHS.keyfile],
    resources: initResources,
    securityContext: confined,
    volumeMounts: [MOUNTS.keyfileSecret, MOUNTS.keyfile],
  };
}

/** Gives a directory of a node to mongod. Kubernetes does so for other volumes, and never for a hostPath. */
export function directoryOwner({ config }: Database): Container {
  const owner = `${MONGODB_ID}:${MONGODB_ID}`;
  const path = MOUNTS.data.mountPath;
  return {
    name: 'directory-owner',
    image: config.image,
    command: ['bash', '-c', `[ "$(stat -c %u:%g ${path})" = ${owner} ] || chown -R ${owner} ${path}`],
    resources: initResources,
    securityContext: {
      ...confined,
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE'] },
    },
    volumeMounts: [MOUNTS.data],
  };
}

const initResources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } };

function waitFor(file: string, seconds: number): string {
  return `for ((i = 0; i < ${seconds}; i++)); do [ -e ${file} ] && exit 0; sleep 1; done`;
}
