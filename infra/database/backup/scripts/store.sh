#!/bin/sh
# Moves backups between the pod's volume and an S3-compatible store, with rclone. It runs in rclone's image, whose shell is not bash.
#
# As on a volume a backup is there once its manifest is: that is written last, when the archive has been read back, and deleted first.
#
# Argument: upload, list (manifests) or fetch (the backup BACKUP). Environment: BACKUPS, DATABASE, PLACE (bucket and prefix in the
# remote `store`, which rclone has from its environment), for upload KEEP.
set -eu

fail() {
  echo "error: $*"
  exit 1
}

# A store says that it has something before anybody has read it.
upload_archive() {
  wanted=$(sed -n 's/.*"sha256":"\([0-9a-f]*\)".*/\1/p' "$BACKUPS/$1.json")
  rclone copyto "$BACKUPS/$1.archive.gz" "store:$PLACE/$1.archive.gz" || fail "the store did not take the archive; the older backups are whole"
  found=$(rclone cat "store:$PLACE/$1.archive.gz" | sha256sum | cut -d ' ' -f 1)
  [ "$found" = "$wanted" ] || fail "the store gives back something else than the archive; the older backups are whole"
}

remove_too_many() {
  rclone lsf --files-only --include "$DATABASE-*.json" "store:$PLACE" | sort |
    awk -v keep="$KEEP" '{ names[NR] = $0 } END { for (i = 1; i <= NR - keep; i++) print names[i] }' |
    while read -r manifest; do
      rclone deletefile "store:$PLACE/$manifest"
      rclone deletefile "store:$PLACE/${manifest%.json}.archive.gz"
      echo "Removed backup ${manifest%.json}: $KEEP are kept"
    done
}

# What a killed run has left. Only what is older than any run may last: another one may be uploading.
remove_leftovers() {
  manifests=$(rclone lsf --files-only --include "$DATABASE-*.json" "store:$PLACE")
  rclone lsf --files-only --min-age 24h --include "$DATABASE-*.archive.gz" "store:$PLACE" |
    while read -r archive; do
      printf '%s\n' "$manifests" | grep -qxF "${archive%.archive.gz}.json" || rclone deletefile "store:$PLACE/$archive"
    done
}

case $1 in
  upload)
    set -- "$BACKUPS/$DATABASE"-*.json
    [ -e "$1" ] || fail "there is no backup to upload"
    name=$(basename "$1" .json)
    echo "Uploading backup $name, and reading it back"
    upload_archive "$name"
    rclone copyto "$BACKUPS/$name.json" "store:$PLACE/$name.json" || fail "the store did not take the manifest; the older backups are whole"
    remove_too_many
    remove_leftovers
    echo "Backup $name is in the store"
    ;;
  list)
    rclone copy --include "$DATABASE-*.json" "store:$PLACE" "$BACKUPS" || fail "the store cannot be read"
    ;;
  fetch)
    echo "Fetching backup $BACKUP"
    for part in archive.gz json; do
      rclone copyto "store:$PLACE/$BACKUP.$part" "$BACKUPS/$BACKUP.$part" || fail "the store does not give backup $BACKUP"
    done
    ;;
  *)
    fail "$1 is none of upload, list and fetch"
    ;;
esac
