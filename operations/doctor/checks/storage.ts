import { DATABASE_SECTIONS, type DatabaseKey } from '../../../infra/catalogue';
import { parseQuantity } from '../../../infra/config';
import { type Json, at, textAt } from '../../../kubernetes-api';
import { groupBy } from '../../group-by';
import type { Subject } from '../../stack-objects/subject';
import { type Finding, findingsOf, someOf } from '../finding';
import { type NodeFacts, factsOf } from './node-facts';
import type { Check } from '../check';

const { ok, problem, warning } = findingsOf('storage');

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

/** A StorageClass as the check looks at it. */
export interface ClassFacts {
  name: string;
  isDefault: boolean;
  /** Whether a volume's `size` can be raised later. */
  grows: boolean;
}

const classOf = (storageClass: Json): ClassFacts => ({
  name: textAt(storageClass, 'metadata', 'name'),
  isDefault: textAt(storageClass, 'metadata', 'annotations', DEFAULT) === 'true',
  grows: at(storageClass, 'allowVolumeExpansion') === true,
});

/** @param wanted the class that the stack names; undefined: the cluster's default */
export function judgeClass(section: DatabaseKey, wanted: string | undefined, classes: readonly ClassFacts[]): Finding {
  const known = classes.length === 0 ? 'there is none at all' : `there are ${someOf(classes.map(({ name }) => name))}`;
  const key = `${section}.storage.storageClass`;
  const found = classes.find(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted));
  if (found === undefined) {
    return wanted === undefined
      ? problem(
          `${section}: the cluster has no default StorageClass (${known})`,
          `name one in ${key}, or use ${section}.storage.localPath`,
        )
      : problem(`${key}: ${wanted} is not there (${known})`, 'name one that is there, or have it made');
  }
  if (!found.grows) {
    return warning(
      `${section}: volumes of StorageClass ${found.name} cannot grow`,
      `choose ${section}.size for years, or have allowVolumeExpansion set`,
    );
  }
  return ok(`${section}: StorageClass ${found.name}`);
}

/** A directory of a node that is to hold a member's data. */
interface WantedDirectory {
  section: DatabaseKey;
  hostname: string;
  path: string;
  bytes: number;
}

/**
 * Whether the disks of nodes are as large as the directories on them are to be. Of a node only the file system is known that its
 * kubelet counts: what is mounted elsewhere may be larger.
 */
export function judgeDisks(wanted: readonly WantedDirectory[], nodes: readonly NodeFacts[]): Finding[] {
  return [...groupBy(wanted, ({ hostname }) => hostname)].flatMap(([hostname, directories]) => {
    const disk = nodes.find((node) => node.hostname === hostname)?.disk;
    const bytes = directories.reduce((sum, one) => sum + one.bytes, 0);
    if (disk === undefined || bytes <= disk) return [];
    const paths = directories.map(({ section, path }) => `${path} (${section})`).join(' and ');
    return [
      warning(
        `${hostname}: ${inGiB(bytes)} wanted in ${paths}, and its file system has ${inGiB(disk)}`,
        'mount a disk of that size there, or lower size',
      ),
    ];
  });
}

const inGiB = (bytes: number) => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;

function directoriesOf({ config }: Subject): WantedDirectory[] {
  return DATABASE_SECTIONS.flatMap((section) => {
    const { storage, size } = config[section];
    const bytes = parseQuantity(size) ?? 0;
    return 'directories' in storage ? storage.directories.map((one) => ({ section, bytes, ...one })) : [];
  });
}

/** Whether the databases get their volumes. */
export const storageCheck: Check = async (subject, cluster) => {
  const { config } = subject;
  const sections = DATABASE_SECTIONS.map((section) => ({ section, storage: config[section].storage }));
  const isOfClass = sections.some(({ storage }) => !('directories' in storage));
  const classes = isOfClass ? (await cluster.list('/apis/storage.k8s.io/v1/storageclasses')).map(classOf) : [];
  const directories = directoriesOf(subject);
  const nodes = directories.length > 0 ? (await cluster.nodes()).map(factsOf) : [];
  const found = sections.map(({ section, storage }) =>
    'directories' in storage
      ? ok(`${section}: directories of its nodes`)
      : judgeClass(section, storage.storageClass, classes),
  );
  return [...found, ...judgeDisks(directories, nodes)];
};
