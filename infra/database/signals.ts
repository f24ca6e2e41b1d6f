/** Files by which the containers of a member's pod, and those who operate it, tell each other something. */
export const SIGNALS = {
  /** Directory of the files that last as long as the pod. */
  directory: '/run/members',
  /** Written at every pass of the members script: empty where the member is PRIMARY or SECONDARY, else the reason. */
  state: '/run/members/state',
  /** The container `members` has been told to stop, and sees to it that mongod may. */
  leaving: '/run/members/leaving',
  /** mongod may stop. */
  left: '/run/members/left',
  /** Made by hand, where a member is to be emptied at its next start and filled by the others. */
  resync: '/data/db/resync',
} as const;

/** Name of the ConfigMap of a database in which its members note what outlives their disks. */
export const markNameOf = (database: string) => `${database}-initiated`;

/** Annotation of that ConfigMap with the name of the member that was the primary when it last looked. */
export const PRIMARY_ANNOTATION = 'aios-network/primary';

/** Annotation of that ConfigMap with the replicaSetId of the set that was. */
export const MARK_ANNOTATION = 'aios-network/replica-set-id';
