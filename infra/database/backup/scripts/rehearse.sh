#!/bin/bash
# Restores a backup into a mongod of its own, which nobody else can reach, and counts what is in it then.
#
# Environment, beside that of common.sh: BACKUP, SCRATCH (an empty folder), CACHE_GB.
source "$SCRIPTS/common.sh"

readonly PORT=27017
readonly URI="mongodb://127.0.0.1:$PORT/?directConnection=true"

start_scratch() {
  mongod --dbpath "$SCRATCH" --port "$PORT" --bind_ip 127.0.0.1 --nounixsocket --wiredTigerCacheSizeGB "$CACHE_GB" \
    --logpath "$SCRATCH/mongod.log" 9>&- >/dev/null &
  mongod=$!
  trap 'kill "$mongod" 2>/dev/null || true' EXIT
  until ask counts "$URI&serverSelectionTimeoutMS=2000" >/dev/null 2>&1; do
    kill -0 "$mongod" 2>/dev/null || { tail -n 20 "$SCRATCH/mongod.log" || true; fail "the scratch mongod did not start"; }
    sleep 1
  done
}

lock_for_reading
check_backup "$BACKUP"
say "Starting a scratch mongod"
start_scratch
say "Restoring backup $BACKUP into it"
write_tools_config "$URI"
restore_archive "$BACKUPS/$BACKUP.archive.gz" --config="$RUN/tools.yaml"
counts=$(ask counts "$URI") || fail "what was restored could not be counted: $counts"
tell counts "$counts"
