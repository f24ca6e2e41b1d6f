import { RELATIVE } from './paths';
import type { Programs } from './programs';

/** The processes of a cluster, in the order of their start. */
export const COMPONENT_NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** Command lines, program first. They hold no secret: everybody on the machine can read them. */
export type Commands = Readonly<Record<ComponentName, readonly string[]>>;

/** How long kwok's sign of life for a node counts, in seconds. Without it kwok would give none (and nodes turn NotReady). */
export const NODE_LEASE_SECONDS = 40;

/** kube-apiserver's part of the addresses: Services get theirs from here. */
const SERVICE_RANGE = '10.96.0.0/16';

/** An address for documentation (RFC 5737). One must be given that is not a loopback's; nothing ever connects to it. */
const ADVERTISED_ADDRESS = '192.0.2.1';

/** A local cluster has one user: limits that protect a shared API server from its clients would only make it slow. */
const clientLimits = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

/** @param port of the API server on 127.0.0.1, the only one that is listened on */
export function componentCommands(programs: Programs, port: number): Commands {
  const command = (program: ComponentName, ...args: readonly string[]) => [programs.path(program), ...args];
  return {
    // Unix sockets in a folder that only its owner can enter: etcd asks nobody who he is. Writes are synchronised to
    // disk (no --unsafe-no-fsync): a hundred pods start within a second all the same.
    etcd: command(
      'etcd',
      '--name=aios',
      `--data-dir=${RELATIVE.data}`,
      `--listen-client-urls=unix://${RELATIVE.socket}`,
      `--advertise-client-urls=unix://${RELATIVE.socket}`,
      `--listen-peer-urls=unix://${RELATIVE.peerSocket}`,
      `--initial-advertise-peer-urls=unix://${RELATIVE.peerSocket}`,
      `--initial-cluster=aios=unix://${RELATIVE.peerSocket}`,
      '--auto-compaction-retention=1h',
      '--log-level=warn',
    ),
    'kube-apiserver': command(
      'kube-apiserver',
      `--etcd-servers=unix://${RELATIVE.socket}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--advertise-address=${ADVERTISED_ADDRESS}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--cert-dir=${RELATIVE.certificates}`,
      '--anonymous-auth=false',
      `--token-auth-file=${RELATIVE.tokens}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-signing-key-file=${RELATIVE.serviceAccountKey}`,
      `--service-account-key-file=${RELATIVE.serviceAccountKey}`,
      '--enable-priority-and-fairness=false',
      '--max-requests-inflight=2000',
      '--max-mutating-requests-inflight=1000',
      '--profiling=false',
    ),
    'kube-controller-manager': command(
      'kube-controller-manager',
      `--kubeconfig=${RELATIVE.kubeconfigOf('kube-controller-manager')}`,
      '--secure-port=0',
      '--leader-elect=false',
      `--service-account-private-key-file=${RELATIVE.serviceAccountKey}`,
      `--root-ca-file=${RELATIVE.servingCertificate}`,
      // A suspended laptop must not wake up to nodes that are NotReady and pods that have lost their readiness.
      '--node-monitor-grace-period=1h',
      ...clientLimits,
    ),
    'kube-scheduler': command(
      'kube-scheduler',
      `--kubeconfig=${RELATIVE.kubeconfigOf('kube-scheduler')}`,
      '--secure-port=0',
      '--leader-elect=false',
      ...clientLimits,
    ),
    kwok: command(
      'kwok',
      `--kubeconfig=${RELATIVE.kubeconfigOf('kwok')}`,
      '--manage-all-nodes',
      `--node-lease-duration-seconds=${NODE_LEASE_SECONDS}`,
      ...programs.stages.map((file) => `--config=${file}`),
      '--v=WARN',
    ),
  };
}

/** The port in a running API server's command line. */
export function portOf(argv: readonly string[]): number | undefined {
  const [, port] = /^--secure-port=(\d+)$/m.exec(argv.join('\n')) ?? [];
  return port === undefined ? undefined : Number(port);
}
