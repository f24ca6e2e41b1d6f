import { dirname } from 'node:path/posix';
import type { types } from '@pulumi/kubernetes';
import type { DatabaseConfig } from '../config';
import { livenessProbe, startupProbe } from '../workload/probes';
import { confined } from '../workload/security';
import { memberDomain } from './addresses';
import { type Database, MONGODB_ID, PATHS, PORT, REPLICA_SET } from './identity';
import { SCRIPT } from './membership';
import { SIGNALS } from './signals';
import { DATA_VOLUME } from './storage';
import { JOIN_CERTIFICATE, TLS_VOLUME, tlsArgs } from './tls';

type Container = types.input.core.v1.Container;

/** Seconds in which a container `members` that is told to stop at the same time as mongod says so. */
const LEAVING_SECONDS = 15;

/** Longest that a member waits, in seconds, before it stops, for the others to do without it. */
const LEAVE_SECONDS = 110;

/** Seconds that a pod has to stop: leaving the set, and then a clean shutdown of mongod. */
export const GRACE_SECONDS = 180;

const MOUNTS = {
  data: { name: DATA_VOLUME, mountPath: '/data/db' },
  keyfile: { name: 'keyfile', mountPath: dirname(PATHS.keyfile) },
  keyfileSecret: { name: 'keyfile-secret', mountPath: '/secrets', readOnly: true },
  tls: { name: TLS_VOLUME, mountPath: PATHS.tls, readOnly: true },
  credentials: { name: 'credentials', mountPath: PATHS.credentials, readOnly: true },
  rotation: { name: 'rotation', mountPath: PATHS.rotation, readOnly: true },
  script: { name: 'script', mountPath: '/etc/members/script', readOnly: true },
  token: { name: 'token', mountPath: PATHS.serviceAccount, readOnly: true },
  signals: { name: 'signals', mountPath: SIGNALS.directory },
  temporary: { name: 'tmp', mountPath: '/tmp' },
} as const satisfies Record<string, types.input.core.v1.VolumeMount>;

// mongosh would write a log of every command into its home.
const mongoshEnv = { name: 'HOME', value: '/nonexistent' };

/** mongod itself. */
export function mongod({ config }: Database): Container {
  return {
    name: 'mongod',
    image: config.image,
    command: ['mongod'],
    args: mongodArgs(config),
    env: [mongoshEnv],
    ports: [{ name: 'mongodb', containerPort: PORT, protocol: 'TCP' }],
    resources: config.resources,
    securityContext: confined,
    volumeMounts: [
      ...[MOUNTS.data, { ...MOUNTS.keyfile, readOnly: true }, ...tlsMounts(config)],
      ...[MOUNTS.signals, MOUNTS.temporary],
    ],
    ...probes,
    lifecycle: {
      preStop: { exec: { command: ['bash', '-c', MAY_STOP] } },
    },
  };
}

const tlsMounts = ({ tls }: DatabaseConfig) => (tls === undefined ? [] : [MOUNTS.tls]);

function mongodArgs(config: DatabaseConfig): string[] {
  const { cacheGB, authentication, ipv6 } = config;
  return [
    ...['--replSet', REPLICA_SET, '--bind_ip_all', '--port', `${PORT}`],
    ...['--dbpath', MOUNTS.data.mountPath, '--keyFile', PATHS.keyfile],
    ...['--wiredTigerCacheSizeGB', `${cacheGB}`],
    // The members script has the keyfile: nobody needs to be let in without a password.
    ...['--setParameter', 'enableLocalhostAuthBypass=false'],
    ...(ipv6 === true ? ['--ipv6'] : []),
    // Those who know no password yet are let in, members too.
    ...(authentication === 'transition' ? ['--transitionToAuth'] : []),
    ...tlsArgs(config),
  ];
}

const listens = { tcpSocket: { port: PORT } };

/** Seconds that a start may take: after a crash the journal is replayed before mongod listens. */
const START_SECONDS = 30 * 60;

/**
 * Seconds that what the members script wrote of its member holds. A pass comes every 10 seconds and writes first of all; one
 * that meets members that are away and a command that hangs takes 80. With mongod, the container itself is not ready.
 */
const STATE_SECONDS = 90;

/**
 * Probes of mongod. mongosh would cost a second of cpu and may hang, and a ping is answered by members without data too: a
 * rolling update or a drain would go on to the next while this one is still being filled. What is not PRIMARY or SECONDARY
 * says why, and so among the events of the pod. A set begins and grows all the same: pods start in parallel, and their
 * addresses are published before they are ready. Without a majority, SECONDARY is ready: it must not be evicted, too.
 */
const probes = {
  startupProbe: startupProbe(listens, START_SECONDS),
  livenessProbe: livenessProbe(listens, 10),
  readinessProbe: {
    exec: { command: ['find', SIGNALS.state, ...saysWhy(), '-o', ...isStale(STATE_SECONDS)] },
    periodSeconds: 10,
    timeoutSeconds: 10,
    failureThreshold: 3,
  },
} satisfies Partial<Container>;

/** For `find`: fails with the text of a file that is not empty. */
function saysWhy(): string[] {
  return ['-size', '+0', '-exec', 'cat', '{}', '+', '-exec', 'false', '{}', '+'];
}

/** For `find`: fails where the file is older. */
function isStale(seconds: number): string[] {
  const message = 'the container members has looked at this member last at %TH:%TM UTC: see its log';
  return ['!', '-newermt', `-${seconds} seconds`, '-printf', message, '-exec', 'false', '{}', '+'];
}

/**
 * Runs the members script beside mongod, with the pod's only access to the API server and to the users' passwords.
 * @param identity variables that tell which member it is, where the pod's name does not
 */
export function members(database: Database, identity: types.input.core.v1.EnvVar[] = []): Container {
  const { tls } = database.config;
  const mongosh = `mongosh --nodb --quiet --norc ${MOUNTS.script.mountPath}/${SCRIPT}`;
  return {
    name: 'members',
    image: database.config.image,
    command: mongosh.split(' '),
    env: [
      mongoshEnv,
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
      { name: 'POD_NAMESPACE', value: database.namespace },
      { name: 'STATEFUL_SET', value: database.name },
      { name: 'REPLICA_SET', value: REPLICA_SET },
      { name: 'MEMBER_DOMAIN', value: memberDomain(database) },
      { name: 'LEAVE_SECONDS', value: `${LEAVE_SECONDS}` },
      ...(tls === undefined ? [] : [{ name: 'TLS_MODE', value: tls.mode }]),
      ...identity,
    ],
    // mongosh takes up to 160 MiB and more than a second of cpu to start; there are two while the pod stops.
    resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '512Mi' } },
    securityContext: confined,
    volumeMounts: [
      // It renews what mongod has of the certificate.
      { ...MOUNTS.keyfile, ...(tls === undefined && { readOnly: true }) },
      ...tlsMounts(database.config),
      ...[MOUNTS.credentials, MOUNTS.rotation, MOUNTS.script, MOUNTS.token, MOUNTS.signals, MOUNTS.temporary],
    ],
    // Both containers are told to stop at once: mongod waits for what this one does, and is there until it is done.
    lifecycle: {
      preStop: { exec: { command: ['bash', '-c', leave(mongosh)] } },
    },
  };
}

/** Says at once that it has begun, and that it is done in the end, whatever comes of it. */
function leave(mongosh: string): string {
  return `touch ${SIGNALS.leaving}; MEMBERS_TASK=leave ${mongosh}; touch ${SIGNALS.left}`;
}

/**
 * Ends when mongod may stop. Where mongod alone is restarted, as by its liveness probe, or `members` is not there, nobody says
 * that this member is leaving, and there is nothing to wait for.
 */
const MAY_STOP = [
  'wait_for() { for ((i = 0; i < $2; i++)); do [ -e "$1" ] && return; sleep 1; done; return 1; }',
  `wait_for ${SIGNALS.leaving} ${LEAVING_SECONDS} && wait_for ${SIGNALS.left} ${LEAVE_SECONDS + 5}`,
  'exit 0',
].join('; ');

/** Empties a member where it was asked for by hand: the others then fill it. What asks goes last, so that a restart goes on. */
export function resync({ config }: Database): Container {
  const { mountPath } = MOUNTS.data;
  const rest = `find ${mountPath} -mindepth 1 -maxdepth 1 ! -path ${SIGNALS.resync} ! -name lost+found`;
  return {
    name: 'resync',
    image: config.image,
    command: ['bash', '-c', `[ ! -e ${SIGNALS.resync} ] || { ${rest} -exec rm -rf {} + && rm ${SIGNALS.resync}; }`],
    resources: initResources,
    securityContext: confined,
    volumeMounts: [MOUNTS.data],
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

/** Does the same with the certificate, for mongod over TLS. */
export function certificateCopy({ config }: Database): Container {
  return {
    name: 'certificate',
    image: config.image,
    command: ['bash', '-c', JOIN_CERTIFICATE],
    resources: initResources,
    securityContext: confined,
    volumeMounts: [MOUNTS.tls, MOUNTS.keyfile],
  };
}

/** Gives a directory of a node to mongod. Kubernetes does so for other volumes, and never for a hostPath. */
export function directoryOwner({ config }: Database): Container {
  const owner = `${MONGODB_ID}:${MONGODB_ID}`;
  const path = MOUNTS.data.mountPath;
  // Upstream's mongod is root: after a step back to it, files are root's in a directory that is not.
  const command =
    config.adopted === true
      ? `find ${path} ! '(' -uid ${MONGODB_ID} -gid ${MONGODB_ID} ')' -exec chown -h ${owner} {} +`
      : `[ "$(stat -c %u:%g ${path})" = ${owner} ] || chown -R ${owner} ${path}`;
  return {
    name: 'directory-owner',
    image: config.image,
    command: ['bash', '-c', command],
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
