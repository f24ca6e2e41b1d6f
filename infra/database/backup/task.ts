/** What a pod of backups does. */
export type BackupTask =
  | { readonly kind: 'backup'; readonly keep: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'restore' | 'rehearse'; readonly backup: string };
