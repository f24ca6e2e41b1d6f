/** The objects of a database's backups, by the database's name. */
export interface BackupNames {
  /** Of the CronJob, its account and the ConfigMap of its scripts; and `app` of its pods. */
  readonly job: string;
  /** Of the claim of the volume that backups are on. */
  readonly claim: string;
  /** Of the Secret with what opens the store that backups are in. */
  readonly store: string;
  /** Of the Secrets of the database's users and of its keyfile, see access.ts. */
  readonly credentials: string;
  readonly keyfile: string;
}

/** How the objects of a database's backups are called. */
export function backupNames(database: string): BackupNames {
  return {
    job: `${database}-backup`,
    claim: `${database}-backups`,
    store: `${database}-backup-store`,
    credentials: `${database}-credentials`,
    keyfile: `${database}-keyfile`,
  };
}
