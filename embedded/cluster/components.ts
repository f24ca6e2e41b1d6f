import { relative } from './paths';
import type { Programs } from './programs';

/** The processes of a cluster, in the order of their start. */
export const componentNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type ComponentName = (typeof componentNames)[number];

/** Command lines, program first. They hold no secret: everybody on the machine can read them. */
export type Commands = Readonly<Record<ComponentName, readonly string[]>>;

/** How long kwok's sign of life for a node counts, in seconds. Without it kwok would give none (and nodes turn NotReady). */
export const nodeLeaseSeconds = 40;

/** kube-apiserver's part of the addresses: Services get theirs from here. */
const serviceRange = '10.96.0.0/16';

/** An address for documentation (RFC 5737). One must be given that is not a loopback's; nothing ever connects to it. */
const advertisedAddress = '192.0.2.1';

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
      `--data-dir=${relative.data}`,
      `--listen-client-urls=unix://${relative.socket}`,
      `--advertise-client-urls=unix://${relative.socket}`,
      `--listen-peer-urls=unix://${relative.peerSocket}`,
      `--initial-advertise-peer-urls=unix://${relative.peerSocket}`,
      `--initial-cluster=aios=unix://${relative.peerSocket}`,
      '--auto-compaction-retention=1h',
      '--log-level=warn',
    ),
    'kube-apiserver': command(
      'kube-apiserver',
      `--etcd-servers=unix://${relative.socket}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--advertise-address=${advertisedAddress}`,
      `--service-cluster-ip-range=${serviceRange}`,
      `--cert-dir=${relative.certificates}`,
      '--anonymous-auth=false',
      `--token-auth-file=${relative.tokens}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-signing-key-file=${relative.serviceAccountKey}`,
      `--service-account-key-file=${relative.serviceAccountKey}`,
      '--enable-priority-and-fairness=false',
      '--max-requests-inflight=2000',
      '--max-mutating-requests-inflight=1000',
      '--profiling=false',
    ),
    'kube-controller-manager': command(
      'kube-controller-manager',
      `--kubeconfig=${relative.kubeconfigOf('kube-controller-manager')}`,
      '--secure-port=0',
      '--leader-elect=false',
      `--service-account-private-key-file=${relative.serviceAccountKey}`,
      `--root-ca-file=${relative.servingCertificate}`,
      // A suspended laptop must not wake up to nodes that are NotReady and pods that have lost their readiness.
      '--node-monitor-grace-period=1h',
      ...clientLimits,
    ),
    'kube-scheduler': command(
      'kube-scheduler',
      `--kubeconfig=${relative.kubeconfigOf('kube-scheduler')}`,
      '--secure-port=0',
      '--leader-elect=false',
      ...clientLimits,
    ),
    kwok: command(
      'kwok',
      `--kubeconfig=${relative.kubeconfigOf('kwok')}`,
      '--manage-all-nodes',
      `--node-lease-duration-seconds=${nodeLeaseSeconds}`,
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
