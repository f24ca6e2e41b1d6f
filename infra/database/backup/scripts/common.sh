# What the scripts of backups share. Needs of its environment: BACKUPS (folder of the backups), DATABASE, RUN (a folder in
# memory, for what holds passwords) and SCRIPTS (folder of these).
set -euo pipefail
umask 077

say() {
  printf '%s\n' "$*"
}

fail() {
  say "error: $*"
  exit 1
}

# A line for the program that started this, rather than for people: a word and JSON.
tell() {
  printf '::%s %s\n' "$1" "$2"
}

# A Secret's file may end with a newline or not.
secret() {
  tr -d '\r\n' <"$1"
}

# The keyfile is a YAML list of keys, of which members take any; before, it was a single key.
first_key() {
  sed -E 's/^- //' <"$1" | head -n 1
}

# Backups are made one at a time; while one is read, none is deleted. Both are locks of this file, which a killed process
# cannot leave behind.
lock_for_writing() {
  exec 9>"$BACKUPS/.lock"
  flock --nonblock 9 || fail "another backup is being made, or one is being restored: try again when it is done"
}

lock_for_reading() {
  exec 9>"$BACKUPS/.lock"
  flock --nonblock --shared 9 || fail "a backup is being made: try again when it is done"
}

# Names of the backups that there are, the oldest first: those with a manifest.
backup_names() {
  local manifest
  for manifest in "$BACKUPS/$DATABASE"-*.json; do
    [ ! -e "$manifest" ] || basename "$manifest" .json
  done | sort
}

# A text or a number of a manifest; each manifest is one line that backup.sh has written.
manifest_value() {
  sed -nE "s/.*\"$2\":\"?([^\",}]*).*/\1/p" "$BACKUPS/$1.json"
}

# Refuses a backup that is not, byte by byte, what was proved when it was made.
check_backup() {
  local name=$1 sum
  [ -e "$BACKUPS/$name.json" ] || fail "there is no backup $name"
  [ -e "$BACKUPS/$name.archive.gz" ] || fail "backup $name has a manifest and no archive: take another one"
  say "Reading backup $name"
  sum=$(sha256sum <"$BACKUPS/$name.archive.gz" | cut -d ' ' -f 1)
  [ "$sum" = "$(manifest_value "$name" sha256)" ] ||
    fail "backup $name is not what was written: its SHA-256 is not the manifest's; take another one"
}

# The URI of the whole set, for the user of the first argument with the password in the file of the second. TLS_OPTIONS of the
# environment follow, where the set wants them.
set_uri() {
  printf 'mongodb://%s:%s@%s/?replicaSet=%s&authSource=%s&authMechanism=SCRAM-SHA-256%s%s' \
    "$1" "$(secret "$2")" "$HOSTS" "$REPLICA_SET" "$3" "${4-}" "${TLS_OPTIONS-}"
}

# MongoDB's tools read the URI from a file: arguments can be seen by everything on the node.
write_tools_config() {
  printf 'uri: "%s"\n' "$1" >"$RUN/tools.yaml"
}

# Runs a task of tasks.js in mongosh, on a URI.
ask() {
  printf '%s' "$2" >"$RUN/uri"
  TASK=$1 URI_FILE=$RUN/uri mongosh --nodb --quiet --norc "$SCRIPTS/tasks.js"
}

# Restores an archive, on what the tools' arguments say, and fails where a document did not get through: mongorestore itself only
# counts those.
restore_archive() {
  local archive=$1 summary
  shift
  mongorestore "$@" --archive="$archive" --gzip --oplogReplay --drop 2>&1 | tee "$RUN/mongorestore.log" ||
    fail "mongorestore failed: what it says is above"
  summary=$(sed -nE 's/^.*[^0-9]([0-9]+) document\(s\) failed to restore.*$/\1/p' "$RUN/mongorestore.log")
  [ "$summary" = 0 ] || fail "mongorestore could not restore ${summary:-an unknown number of} documents"
}
