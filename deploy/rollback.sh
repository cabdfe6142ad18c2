#!/usr/bin/env bash
# Goes back to the state before a deployment: the backup that was made then, and the release that ran. What is there now
# is backed up first, so that this can be undone.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: rollback.sh [--list] [--to TIME] [OPTIONS]

  --list        show the backups there are
  --to TIME     the backup to go back to, as --list shows it; without it you are asked
  --yes         do not ask for confirmation
  --no-backup   skip the emergency backup, for a release that cannot make one any more
  --wait SECONDS  how long the release may take to become healthy [60]
  --user NAME   the service's user [stockade]
  --root DIR    the layout lies below this folder, for rehearsals
  --help

Examples:
  rollback.sh --list
  rollback.sh --to 20260314T092653Z

Exit code: 0 rolled back; 1 refused or failed, nothing changed; 4 failed half-way, the report says what to do.
TEXT
}

TO="" LIST="" YES="" NO_BACKUP=""
while (($# > 0)); do
  case "$1" in
    --list) LIST=1 ;;
    --to) TO="${2:?}" && shift ;;
    --yes) YES=1 ;;
    --no-backup) NO_BACKUP=1 ;;
    --wait) WAIT_SECONDS="${2:?}" && shift ;;
    --user) RUN_AS="${2:?}" && shift ;;
    --root) ROOT="$(realpath "${2:?}")" && shift ;;
    --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done
lay_out

EMERGENCY="none"

main() {
  needs curl flock systemctl
  if [[ -n "$LIST" ]]; then
    list
    return
  fi
  check_environment
  open_log rollback
  one_at_a_time
  choose
  local backup="$BACKUPS/$TO" release
  release="$(cat "$backup/release")" || stop_with "$backup does not say which release ran"
  [[ -x "$RELEASES/$release/bin/stockade" ]] || stop_with "the release $release is no longer here"
  start_dependencies ""
  logged as_service "$RELEASES/$release/bin/stockade" restore "$backup" --check || stop_with "the backup cannot be used"
  confirm "$release"
  emergency_backup
  say "stopping the service"
  service stop || stop_with "the service does not stop; nothing was changed"
  say "putting back $backup"
  put_back "$backup" "$release" "rolled back to the backup of $TO" || half_way "the backup could not be put back"
  switch_to "$release"
  service start || half_way "the service does not start"
  say "checking $(base_url)"
  healthy "$(version_of "$release")" || half_way "the release is not healthy"
  report "rolled back to $TO"
}

list() {
  local backup
  for backup in $(backups); do
    printf '%s  %s\n' "$backup" "$(cat "$BACKUPS/$backup/release" 2>/dev/null || echo '?')"
  done
}

choose() {
  if [[ -z "$TO" ]]; then
    list
    read -r -p "Which one? " TO
  fi
  backups | grep -qxF "$TO" || stop_with "there is no backup $TO; rollback.sh --list shows them"
}

confirm() {
  say "going back to the backup of $TO and the release $1 (now: $(running_release))"
  say "everything that happened since $TO is taken out of the database; the emergency backup keeps it"
  [[ -z "$YES" ]] || return 0
  local answer
  read -r -p "Type the time again to go on: " answer
  [[ "$answer" == "$TO" ]] || stop_with "not confirmed; nothing was changed"
}

emergency_backup() {
  if [[ -n "$NO_BACKUP" ]]; then
    say "no emergency backup, as asked"
    return
  fi
  local release
  release="$(running_release)"
  EMERGENCY="$(back_up "$EMERGENCIES")" ||
    stop_with "the emergency backup failed, so nothing was changed; --no-backup goes on without one"
  printf '%s\n' "$release" >"$EMERGENCY/release"
  say "emergency backup: $EMERGENCY"
}

half_way() {
  report "FAILED half-way: $1"
  say "to go back to the state before: stop the service, then with the environment of $ENV_FILE run"
  say "  stockade restore $EMERGENCY --replace; stockade audit reanchor --reason TEXT"
  exit 4
}

report() {
  say ""
  say "result:           $1"
  say "release:          $(running_release)"
  say "service:          $(systemctl is-active "$SERVICE" || true)"
  say "emergency backup: $EMERGENCY"
  say "log:              $LOG"
}

main
