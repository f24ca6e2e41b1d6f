#!/bin/bash
# Makes one backup of a database, proves that it can be read, and then removes those that are too many.
#
# A backup is an archive of mongodump and a manifest beside it. It exists once its manifest does, which gets its name last;
# deleting begins with the manifest. Whenever this is killed, whatever has a manifest is whole, and the next run clears away
# what has none.
#
# Environment, beside that of common.sh: KEEP (backups), HOSTS, REPLICA_SET, DATABASE_USER, PASSWORD_FILE.
source "$SCRIPTS/common.sh"

clear_leftovers() {
  local archive
  rm -f -- "$BACKUPS"/*.partial
  for archive in "$BACKUPS/$DATABASE"-*.archive.gz; do
    [ ! -e "$archive" ] || [ -e "${archive%.archive.gz}.json" ] || rm -f -- "$archive"
  done
}

# All of a dump comes from one member, read directly: of a dump that is spread over members, a part could be older than the
# oplog that is to complete it.
dump() {
  local uri=$1 archive=$2
  write_tools_config "$uri"
  mongodump --config="$RUN/tools.yaml" --oplog --gzip --archive="$archive" 2>&1 | tee "$RUN/mongodump.log" || {
    [ "$(df --output=avail -k "$BACKUPS" | tail -n 1)" -gt 65536 ] ||
      say "The volume is full: make it larger, or keep fewer backups."
    fail "mongodump failed: what it says is above. The older backups are whole."
  }
}

# One member by itself, whatever it is.
member_uri() {
  HOSTS=$1 set_uri "$DATABASE_USER" "$PASSWORD_FILE" admin '&readPreference=secondaryPreferred' |
    sed 's/replicaSet=[^&]*/directConnection=true/'
}

# A truncated or damaged file does not pass: gzip checks all of it, and an archive begins with a magic number.
prove_archive() {
  local magic
  gzip --test <"$1" || fail "the archive cannot be read back; the older backups are whole"
  magic=$(gzip --decompress <"$1" 2>/dev/null | head -c 4 | od -A n -t x1 | tr -d ' \n') || true
  [ "$magic" = 6de29981 ] || fail "what mongodump wrote is no archive; the older backups are whole"
}

# What mongodump says that it has dumped, as members of a JSON object: collection and number of documents. Newer versions put
# the collection between backquotes.
dumped_collections() {
  sed -nE 's/^.*\tdone dumping (.+) \(([0-9]+) documents?\)$/\2 \1/p' "$RUN/mongodump.log" | sed -E 's/ `(.*)`$/ \1/' |
    sort -k 2 | sed -E 's/[\\"]/\\&/g; s/^([0-9]+) (.*)$/"\2":\1/' | paste -s -d ,
}

dumped_oplog_entries() {
  sed -nE 's/^.*\tdumped ([0-9]+) oplog entr(y|ies)$/\1/p' "$RUN/mongodump.log" | tail -n 1
}

# One line: what reads it relies on that.
write_manifest() {
  local name=$1 archive=$2 member=$3 version=$4 taken=$5 entries
  entries=$(dumped_oplog_entries)
  printf '{"format":1,"name":"%s","database":"%s","takenAt":"%s","bytes":%s,"sha256":"%s","server":"%s","member":"%s","oplogEntries":%s,"collections":{%s}}\n' \
    "$name" "$DATABASE" "$taken" "$(stat -c %s "$archive")" "$(sha256sum <"$archive" | cut -d ' ' -f 1)" \
    "$version" "$member" "${entries:-0}" "$(dumped_collections)"
}

# A name that exists stands for a file that is on the disk.
publish() {
  sync "$1"
  mv -f -- "$1" "${1%.partial}"
  sync "$BACKUPS"
}

remove_too_many() {
  local name
  backup_names | head -n "-$KEEP" | while read -r name; do
    rm -f -- "$BACKUPS/$name.json"
    sync "$BACKUPS"
    rm -f -- "$BACKUPS/$name.archive.gz"
    say "Removed backup $name: $KEEP are kept"
  done
}

lock_for_writing
clear_leftovers

name=$DATABASE-$(date -u +%Y-%m-%dT%H-%M-%SZ)
archive=$BACKUPS/$name.archive.gz
manifest=$BACKUPS/$name.json
[ ! -e "$manifest" ] || fail "backup $name is there already: two cannot be made in one second"

say "Looking for the member to read from"
found=$(ask member "$(set_uri "$DATABASE_USER" "$PASSWORD_FILE" admin)") || fail "no member can be read from: $found"
read -r member role version <<<"$found"
say "Dumping from $member, a $role"
dump "$(member_uri "$member")" "$archive.partial"
taken=$(date -u +%Y-%m-%dT%H:%M:%SZ)

say "Reading the archive back"
prove_archive "$archive.partial"
write_manifest "$name" "$archive.partial" "$member" "$version" "$taken" >"$manifest.partial"
publish "$archive.partial"
publish "$manifest.partial"
tell backup "$(cat "$manifest")"
remove_too_many
say "Backup $name is made"
