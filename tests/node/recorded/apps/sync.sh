#!/bin/bash
# Copies the catalogue's files to the state folder, one after the other, and says how far it is.
set -u

source=/app/catalogue
target=$STATE_DIR
pause=0.7

say() { echo "$(date -u +%FT%TZ) [$1] $2"; }

copy() {
  cp "$source/$1" "$target/$1" || { say ERROR "cannot copy $1"; return 1; }
  say INFO "copied $1, $(stat -c %s "$target/$1") bytes"
}

say INFO "sync starts, $(find "$source" -type f | wc -l) files to copy"
round=0
while true; do
  round=$((round + 1))
  failed=0
  for file in "$source"/*; do
    copy "$(basename "$file")" || failed=$((failed + 1))
    sleep "$pause"
  done
  say INFO "round $round done, $failed failed"
done
