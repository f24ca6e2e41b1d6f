#!/bin/bash
# Restores a backup into the database: every collection of the backup takes the place of the one that is there, users and roles
# too. A run that was killed is repeated from the beginning.
#
# It speaks to the database as __system, the user that the keyfile is the password of: replaying an oplog takes any right
# there is, and the users change under it. Afterwards users have the rights and passwords of this stack again, where the backup had
# others or none: services try once to connect, and are started right after.
#
# Environment, beside that of common.sh: BACKUP, HOSTS, REPLICA_SET, KEYFILE, CREDENTIALS (a file with the password of each user, and
# one with what the users are).
source "$SCRIPTS/common.sh"

[ -e "$CREDENTIALS/users.json" ] || fail "the stack's users are of an earlier release of the program: make up, and restore then"
lock_for_reading
check_backup "$BACKUP"
first_key "$KEYFILE" >"$RUN/key"
uri=$(set_uri __system "$RUN/key" local)
write_tools_config "$uri"
say "Restoring backup $BACKUP"
restore_archive "$BACKUPS/$BACKUP.archive.gz" --config="$RUN/tools.yaml"
say "Setting this stack's users"
ask users "$uri" || fail "the data is restored, and its users could not be set: run the restore again"
tell counts "$(ask counts "$uri")"
say "Backup $BACKUP is restored"
