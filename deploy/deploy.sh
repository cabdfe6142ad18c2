#!/usr/bin/env bash
# Deploys a release of Stockade on a machine with systemd, and goes back by itself when the new one is not healthy.
#
# In this order: validate the environment, start PostgreSQL and Redis where they are local and down, back up, fetch the
# release, test it, migrate, restart, check health and endpoints, keep the last 10 backups, report. Until the release has
# passed its tests nothing that runs is touched. OPERATIONS.md describes the layout.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: deploy.sh --git REF | --archive FILE [OPTIONS]

  --git REF               a branch, tag or commit of the repository in /opt/stockade/source: fetched, built, tested
  --archive FILE          a release archive; FILE.sha256 and FILE.sha256.sig lie beside it
  --public-key FILE       the key that signs releases (PEM, Ed25519) [/etc/stockade/release.pem]
  --build COMMAND         how a release from git is built [cargo xtask build]
  --test COMMAND          how a release from git is tested [cargo xtask test]
  --restart-dependencies  restart PostgreSQL and Redis where they are local, even when they run
  --wait SECONDS          how long the new release may take to become healthy [60]
  --user NAME             the service's user [stockade]
  --root DIR              the layout lies below this folder, for rehearsals
  --help

Examples:
  deploy.sh --git v0.2.0
  deploy.sh --archive stockade-0.2.0.tar.gz

Exit code: 0 deployed; 1 refused or failed before anything changed; 3 failed and rolled back; 4 rollback failed, too.
TEXT
}

GIT_REF="" ARCHIVE="" PUBLIC_KEY="" RESTART_DEPENDENCIES=""
BUILD="cargo xtask build"
TEST="cargo xtask test"
while (($# > 0)); do
  case "$1" in
    --git) GIT_REF="${2:?}" && shift ;;
    --archive) ARCHIVE="$(realpath "${2:?}")" && shift ;;
    --public-key) PUBLIC_KEY="${2:?}" && shift ;;
    --build) BUILD="${2:?}" && shift ;;
    --test) TEST="${2:?}" && shift ;;
    --restart-dependencies) RESTART_DEPENDENCIES=restart ;;
    --wait) WAIT_SECONDS="${2:?}" && shift ;;
    --user) RUN_AS="${2:?}" && shift ;;
    --root) ROOT="$(realpath "${2:?}")" && shift ;;
    --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done
if [[ -n "$GIT_REF" && -n "$ARCHIVE" ]] || [[ -z "$GIT_REF$ARCHIVE" ]]; then
  usage >&2
  exit 2
fi
lay_out
PUBLIC_KEY="${PUBLIC_KEY:-$ROOT/etc/stockade/release.pem}"

PREVIOUS="" BACKUP="" RELEASE="" STAGE="" MIGRATED=0 SWITCHED=0

main() {
  validate
  open_log deploy
  one_at_a_time
  trap on_exit EXIT
  say "deploying ${GIT_REF:-$(basename "$ARCHIVE")}; log: $LOG"
  start_dependencies "$RESTART_DEPENDENCIES"
  back_up_first
  fetch
  check_settings "$STAGE"
  install_release
  migrate
  start
  say "checking $(base_url)"
  healthy "$(version_of "$RELEASE")" || go_back "the new release is not healthy"
  remove_old
  report deployed
}

# Nothing is written before all of this is as it should be.
validate() {
  needs curl flock systemctl tar sha256sum openssl
  [[ -z "$GIT_REF" ]] || needs git
  check_environment
  PREVIOUS="$(running_release)"
  [[ -z "$PREVIOUS" ]] || LOG=/dev/null check_settings "$CURRENT"
  local free
  free="$(df --output=avail -k "$(deepest "$ROOT/var/backups/stockade")" | tail -n 1)"
  ((free > 262144)) || stop_with "less than 256 MiB are free for the backup"
}

# The part of a path that is there.
deepest() {
  local path="$1"
  until [[ -d "$path" ]]; do path="$(dirname "$path")"; done
  printf '%s' "$path"
}

back_up_first() {
  if [[ -z "$PREVIOUS" ]]; then
    say "first deployment: nothing to back up"
    return
  fi
  BACKUP="$(back_up "$BACKUPS")" || stop_with "there is no backup; nothing was changed"
  printf '%s\n' "$PREVIOUS" >"$BACKUP/release"
  say "backup: $BACKUP"
}

# Brings the release into a folder of its own and tests it there.
fetch() {
  mkdir -p "$RELEASES"
  STAGE="$(mktemp -d "$OPT/.stage-XXXXXX")"
  chmod 0755 "$STAGE"
  if [[ -n "$GIT_REF" ]]; then from_git; else from_archive; fi
  chmod -R a+rX "$STAGE"
  logged "$STAGE/bin/stockade" --version || stop_with "the release does not run on this machine; nothing was changed"
}

from_git() {
  say "fetching $GIT_REF"
  logged git -C "$SOURCE" fetch --tags origin || stop_with "git fetch failed; nothing was changed"
  local commit
  commit="$(git -C "$SOURCE" rev-parse --verify --quiet "origin/$GIT_REF^{commit}" ||
    git -C "$SOURCE" rev-parse --verify --quiet "$GIT_REF^{commit}")" || stop_with "there is no $GIT_REF"
  logged git -C "$SOURCE" checkout --quiet --detach "$commit" || stop_with "git checkout failed; nothing was changed"
  say "building: $BUILD"
  (cd "$SOURCE" && logged bash -c "$BUILD") || stop_with "the build failed; nothing was changed"
  say "testing: $TEST"
  (cd "$SOURCE" && logged bash -c "$TEST") || stop_with "the tests failed; nothing was changed"
  mkdir "$STAGE/bin"
  cp "$SOURCE/target/release/stockade" "$SOURCE/target/release/stockade-verify" "$STAGE/bin/"
  cp -r "$SOURCE/deploy" "$STAGE/deploy"
  [[ ! -d "$SOURCE/docs" ]] || cp -r "$SOURCE/docs" "$STAGE/docs"
  git -C "$SOURCE" rev-parse HEAD >"$STAGE/commit"
}

# The signature is of the checksum file, and the checksum is of the archive. The archive was tested where it was built;
# here its programs prove that they work on this machine.
from_archive() {
  say "verifying $(basename "$ARCHIVE")"
  logged openssl pkeyutl -verify -pubin -inkey "$PUBLIC_KEY" -rawin -in "$ARCHIVE.sha256" -sigfile "$ARCHIVE.sha256.sig" ||
    stop_with "the signature is not that of $PUBLIC_KEY; nothing was changed"
  local sum
  sum="$(sha256sum "$ARCHIVE" | cut -d' ' -f1)"
  [[ "$(cut -d' ' -f1 "$ARCHIVE.sha256")" == "$sum" ]] || stop_with "the checksum is wrong; nothing was changed"
  logged tar -xzf "$ARCHIVE" -C "$STAGE" --strip-components=1 --no-same-owner || stop_with "the archive does not unpack"
  say "testing the programs"
  self_test || stop_with "the release fails on this machine; nothing was changed"
}

# On a database of its own in a scratch folder: migrate, make a person, verify books and log.
self_test() {
  local scratch status=0
  scratch="$(mktemp -d)"
  (
    cd "$scratch"
    program=(env -i "PATH=$PATH" STOCKADE_ENV=development STOCKADE_LOG__LEVEL=error
      "$STAGE/bin/stockade" --data-dir "$scratch/data")
    password="$(openssl rand -base64 24)"
    logged "${program[@]}" migrate &&
      logged "${program[@]}" admin create --email test@example.com --password-stdin <<<"$password" &&
      logged "${program[@]}" ledger verify &&
      logged "${program[@]}" audit verify
  ) || status=$?
  rm -rf "$scratch"
  return "$status"
}

install_release() {
  RELEASE="$STAMP-$("$STAGE/bin/stockade" --version | awk '{print $2}')"
  mv "$STAGE" "$RELEASES/$RELEASE"
  STAGE=""
  owned_folder "$(setting STOCKADE_DATA_DIR "$ROOT/var/lib/stockade")"
  local unit changed=""
  mkdir -p "$UNITS"
  for unit in "$RELEASES/$RELEASE"/deploy/systemd/*; do
    if ! cmp -s "$unit" "$UNITS/$(basename "$unit")"; then
      install -m 0644 "$unit" "$UNITS/"
      changed=1
    fi
  done
  [[ -z "$changed" ]] || logged systemctl daemon-reload
}

# A schema that is about to change is backed up once more with the service stopped, so that going back loses nothing that
# was acknowledged before.
migrate() {
  local waiting
  waiting="$(migrations_waiting "$RELEASE")" || stop_with "the database cannot be read, or is newer than this release"
  say "migrations to run: $waiting"
  [[ "$waiting" != 0 ]] || return 0
  if [[ -n "$PREVIOUS" ]]; then
    SWITCHED=1
    service stop || go_back "the service does not stop"
    local again
    again="$(back_up "$BACKUPS")" || go_back "the backup before the migration failed"
    [[ "$again" == "$BACKUP" ]] || rm -rf "$BACKUP"
    BACKUP="$again"
    printf '%s\n' "$PREVIOUS" >"$BACKUP/release"
    say "backup with the service stopped: $BACKUP"
  fi
  MIGRATED=1
  SWITCHED=1
  logged as_service "$RELEASES/$RELEASE/bin/stockade" migrate || go_back "the migration failed"
}

start() {
  SWITCHED=1
  switch_to "$RELEASE"
  say "restarting the service"
  service restart || go_back "the service does not start"
}

# Back to what ran before. The database is put back only when its schema was changed, since the program before does not
# run on a newer one; otherwise nothing that happened meanwhile is lost.
go_back() {
  trap - EXIT
  say "FAILED: $1"
  SWITCHED=0
  if [[ -z "$PREVIOUS" ]]; then
    service stop || true
    rm -f "$CURRENT"
    report "failed; there is no release to go back to"
    exit 3
  fi
  say "rolling back to $PREVIOUS"
  service stop || true
  if ((MIGRATED)); then
    say "putting back $BACKUP"
    put_back "$BACKUP" "$PREVIOUS" "deployment of $RELEASE failed: $1" || lost "the backup could not be put back"
  fi
  switch_to "$PREVIOUS"
  service start || lost "the previous release does not start"
  say "checking $(base_url)"
  healthy "$(version_of "$PREVIOUS")" || lost "the previous release is not healthy either"
  report "failed and rolled back: $1"
  exit 3
}

lost() {
  report "ROLLBACK FAILED: $1; the backup is $BACKUP"
  exit 4
}

# However the script ends.
on_exit() {
  local status=$?
  [[ -z "$STAGE" ]] || rm -rf "$STAGE"
  if ((status != 0 && SWITCHED)); then
    go_back "interrupted"
  fi
  exit "$status"
}

report() {
  say ""
  say "result:     $1"
  say "release:    $(running_release) (before: ${PREVIOUS:-none})"
  say "service:    $(systemctl is-active "$SERVICE" || true)"
  say "migrations: $([[ "$MIGRATED" == 1 ]] && echo ran || echo none)"
  say "backup:     ${BACKUP:-none}; kept: $(backups | wc -l)"
  say "log:        $LOG"
}

main
