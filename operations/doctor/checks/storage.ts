import { DATABASE_SECTIONS, type DatabaseKey } from '../../../infra/catalogue';
import { type Json, at, textAt } from '../../../kubernetes-api';
import { type Finding, findingsOf, someOf } from '../finding';
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

/** Whether the databases get their volumes. */
export const storageCheck: Check = async ({ config }, cluster) => {
  const sections = DATABASE_SECTIONS.map((section) => ({ section, storage: config[section].storage }));
  const isOfClass = sections.some(({ storage }) => !('directories' in storage));
  const classes = isOfClass ? (await cluster.list('/apis/storage.k8s.io/v1/storageclasses')).map(classOf) : [];
  return sections.map(({ section, storage }) =>
    'directories' in storage
      ? ok(`${section}: directories of its nodes`)
      : judgeClass(section, storage.storageClass, classes),
  );
};
