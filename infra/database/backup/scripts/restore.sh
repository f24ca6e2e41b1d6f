#!/bin/bash
# Restores a backup into the database: every collection of the backup takes the place of the one that is there, users and roles
# too. A run that was killed is repeated from the beginning.
#
# It speaks to the database as __system, the user that the keyfile is the password of: replaying an oplog takes any right
# there is, and the users change under it. Afterwards users have the passwords of this stack again, where the backup had others.
#
# Environment, beside that of common.sh: BACKUP, HOSTS, REPLICA_SET, KEYFILE, CREDENTIALS (a file with the password of each user).
source "$SCRIPTS/common.sh"

lock_for_reading
check_backup "$BACKUP"
uri=$(set_uri __system "$KEYFILE" local)
write_tools_config "$uri"
say "Restoring backup $BACKUP"
restore_archive "$BACKUPS/$BACKUP.archive.gz" --config="$RUN/tools.yaml"
say "Setting this stack's passwords"
ask passwords "$uri" || fail "the data is restored, and the passwords of its users could not be set: run the restore again"
tell counts "$(ask counts "$uri")"
say "Backup $BACKUP is restored"
