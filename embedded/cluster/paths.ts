import { existsSync } from 'node:fs';
import { chmod, realpath } from 'node:fs/promises';
import path from 'node:path';
import { explainFileError } from '../shared/files/file-errors';
import { makePrivateFolder } from '../shared/files/private-file';

const checkout = path.resolve(__dirname, '..', '..');

/** The Go module that pins the programs. */
export const programsModule = path.join(__dirname, 'programs');

/** Where a cluster lives unless told otherwise: one per checkout. */
const defaultDirectory = path.join(checkout, '.aios', 'cluster');

/** Where one cluster keeps its files. The paths in `RELATIVE` are as seen from `root`, the processes' working directory. */
export interface ClusterFolder {
  readonly root: string;
  readonly kubeconfig: string;
  readonly port: string;
  readonly lock: string;
  readonly log: (component: string) => string;
}

/** Files that the processes are told about. Relative, because the path of a Unix socket must be shorter than 108 bytes. */
export const RELATIVE = {
  data: 'etcd',
  neverServed: 'etcd-never-served',
  socket: 'etcd.sock',
  peerSocket: 'etcd-peer.sock',
  certificates: 'certificates',
  servingCertificate: 'certificates/apiserver.crt',
  servingKey: 'certificates/apiserver.key',
  serviceAccountKey: 'certificates/service-accounts.key',
  credentials: 'credentials',
  tokens: 'credentials/tokens.csv',
  logs: 'logs',
  kubeconfigOf: (user: string) => `credentials/${user}.kubeconfig`,
} as const;

/** The cluster at `directory`, whether or not it exists. Symbolic links are resolved: processes are recognised by their working directory. */
export async function clusterFolder(directory = defaultDirectory): Promise<ClusterFolder> {
  const root = await resolveLinks(path.resolve(directory));
  return {
    root,
    kubeconfig: path.join(root, 'kubeconfig'),
    port: path.join(root, 'port'),
    lock: path.join(root, 'lock'),
    log: (component) => path.join(root, RELATIVE.logs, `${component}.log`),
  };
}

/** Makes the folders of a cluster, closed to everybody but their owner. */
export async function createFolder({ root }: ClusterFolder): Promise<void> {
  try {
    for (const folder of ['', RELATIVE.certificates, RELATIVE.credentials, RELATIVE.logs]) {
      await makePrivateFolder(path.join(root, folder));
    }
    await chmod(root, 0o700);
  } catch (error) {
    throw explainFileError(error, root);
  }
}

async function resolveLinks(absolute: string): Promise<string> {
  if (existsSync(absolute) || absolute === path.dirname(absolute)) return realpath(absolute);
  return path.join(await resolveLinks(path.dirname(absolute)), path.basename(absolute));
}
