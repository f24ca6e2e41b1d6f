#!/bin/bash
# Tells what backups there are, and what is in the database now. Changes nothing.
#
# Environment, beside that of common.sh: HOSTS, REPLICA_SET, DATABASE_USER, PASSWORD_FILE.
source "$SCRIPTS/common.sh"

backup_names | while read -r name; do
  # One that a backup that is being made removes just now is none any more.
  manifest=$(cat "$BACKUPS/$name.json" 2>/dev/null) || continue
  tell backup "$manifest"
done
if counts=$(ask counts "$(set_uri "$DATABASE_USER" "$PASSWORD_FILE" admin '&readPreference=primaryPreferred&serverSelectionTimeoutMS=15000')"); then
  tell counts "$counts"
else
  say "The database does not answer: $counts"
fi
