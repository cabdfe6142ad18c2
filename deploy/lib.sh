# shellcheck shell=bash
# What deploy.sh and rollback.sh share: where things lie, how the program is run with its environment, how the service is
# started, how health is checked, how a release is exchanged. Sourced, not run.
#
# The layout, below --root (which is / unless a rehearsal says otherwise):
#   /etc/stockade/stockade.env          settings, as systemd reads them: KEY=VALUE, one a line
#   /opt/stockade/releases/NAME/bin     the programs of a release
#   /opt/stockade/current               a link to the release that runs
#   /opt/stockade/source                the repository, for releases from git
#   /var/lib/stockade                   STOCKADE_DATA_DIR
#   /var/backups/stockade/deploy/TIME   the backup before each deployment
#   /var/log/stockade                   a log of each deployment

set -euo pipefail
# The service's user passes through the folders that root makes; what is private says so.
umask 022

ROOT=""
RUN_AS="stockade"
SERVICE="stockade.service"
WAIT_SECONDS=60
KEEP=10

# Sets the paths, once the options are read.
# shellcheck disable=SC2034  # Some are used by one of the two scripts only.
lay_out() {
  ENV_FILE="$ROOT/etc/stockade/stockade.env"
  OPT="$ROOT/opt/stockade"
  RELEASES="$OPT/releases"
  CURRENT="$OPT/current"
  SOURCE="$OPT/source"
  BACKUPS="$ROOT/var/backups/stockade/deploy"
  EMERGENCIES="$ROOT/var/backups/stockade/emergency"
  LOGS="$ROOT/var/log/stockade"
  UNITS="$ROOT/etc/systemd/system"
}

# Everything is said on the terminal and, with its time, in the log. The second that the log is named after names the
# release and the backup, too, so no two runs may share one.
open_log() {
  mkdir -p "$LOGS"
  chmod 0700 "$LOGS"
  local log
  until
    STAMP="$(date -u +%Y%m%dT%H%M%SZ)"
    log="$LOGS/$1-$STAMP.log"
    (set -o noclobber && : >"$log") 2>/dev/null
  do
    [[ -e "$log" ]] || stop_with "the log $log cannot be written"
    sleep 0.2
  done
  LOG="$log"
}

say() {
  printf '%s\n' "$*"
  [[ -z "${LOG:-}" ]] || printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" >>"$LOG"
}

stop_with() {
  say "FAILED: $*"
  exit 1
}

# Runs a command; what it prints goes to the log, and to the terminal when it fails.
logged() {
  local output status=0
  output="$("$@" 2>&1)" || status=$?
  [[ -z "$output" ]] || printf '%s\n' "$output" >>"$LOG"
  if ((status != 0)); then
    printf '%s\n' "$output" | tail -n 20 >&2
  fi
  return "$status"
}

one_at_a_time() {
  mkdir -p "$OPT"
  exec 8>"$OPT/.lock"
  flock -n 8 || stop_with "another deployment or rollback is under way"
}

needs() {
  local program missing=()
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  ((${#missing[@]} == 0)) || stop_with "these programs are missing: ${missing[*]}"
}

# A setting out of the environment file, or the given default. systemd's form: no expansion, quotes around a value allowed.
setting() {
  local line value=""
  line="$(grep -E "^$1=" "$ENV_FILE" | tail -n 1)" || true
  value="${line#*=}"
  if [[ "$value" == \"*\" || "$value" == \'*\' ]]; then
    value="${value:1:-1}"
  fi
  printf '%s' "${value:-$2}"
}

# Runs a program as the service does: as its user, with its umask, with nothing in its environment but what the file has.
# Secrets stay out of command lines, which everybody on the machine can read.
as_service() {
  (
    cd /
    umask 077
    local name line
    while IFS= read -r name; do
      [[ "$name" == PATH ]] || unset "$name" 2>/dev/null || true
    done < <(compgen -e)
    while IFS= read -r line || [[ -n "$line" ]]; do
      [[ "$line" =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || continue
      name="${line%%=*}"
      export "$name=$(setting "$name" "")"
    done <"$ENV_FILE"
    # The unit says the same where the file does not.
    # shellcheck disable=SC2030
    export STOCKADE_DATA_DIR="${STOCKADE_DATA_DIR:-$ROOT/var/lib/stockade}"
    if [[ "$(id -un)" == "$RUN_AS" ]]; then
      exec "$@"
    fi
    exec runuser -u "$RUN_AS" -- "$@"
  )
}

# Folders that the service's user writes to, and nobody else reads.
owned_folder() {
  mkdir -p "$1"
  chmod 0700 "$1"
  [[ "$(id -u)" != 0 ]] || chown "$RUN_AS" "$1"
}

check_environment() {
  [[ -r "$ENV_FILE" ]] || stop_with "$ENV_FILE is missing; .env.example shows every setting"
  if [[ -n "$(find "$ENV_FILE" -perm /o+rwx)" ]]; then
    stop_with "$ENV_FILE holds secrets and may be read by everybody; chmod 0640 $ENV_FILE"
  fi
  local wrong
  wrong="$(grep -vnE '^[[:space:]]*(#.*)?$|^[A-Za-z_][A-Za-z0-9_]*=' "$ENV_FILE" | cut -d: -f1 | tr '\n' ' ')" || true
  [[ -z "$wrong" ]] || stop_with "$ENV_FILE: not KEY=VALUE on line $wrong"
  id -u "$RUN_AS" >/dev/null 2>&1 ||
    stop_with "there is no user $RUN_AS; make it with: useradd --system --home-dir /var/lib/stockade --shell /usr/sbin/nologin $RUN_AS"
}

# Whether a program of ours accepts the settings. It lists everything that is wrong with them.
check_settings() {
  logged as_service "$1/bin/stockade" config check || stop_with "the settings are refused (see above); nothing was changed"
}

running_release() {
  [[ ! -L "$CURRENT" ]] || basename "$(readlink "$CURRENT")"
}

# Points `current` at a release in one step: there is no moment without one.
switch_to() {
  ln -s "releases/$1" "$OPT/.next"
  mv -T "$OPT/.next" "$CURRENT"
}

# What is started must not inherit the lock.
service() {
  logged systemctl "$1" "$SERVICE" 8>&-
}

# The local servers that the settings name.
dependencies() {
  local local_host='(localhost|127\.0\.0\.1|\[::1\])'
  local database redis
  database="$(setting STOCKADE_DATABASE__URL "$(setting DATABASE_URL "")")"
  redis="$(setting STOCKADE_REDIS__URL "")"
  if [[ "$database" =~ ^postgres(ql)?://([^/@]*@)?${local_host}[:/] ]]; then
    echo postgresql.service
  fi
  if [[ "$redis" =~ ^rediss?://([^/@]*@)?${local_host}([:/]|$) ]]; then
    echo redis-server.service
  fi
}

# Starts what is down. With `restart` as argument restarts it, with an empty one does not.
start_dependencies() {
  local unit
  for unit in $(dependencies); do
    if [[ "$1" == restart ]]; then
      say "restarting $unit"
      logged systemctl restart "$unit" || stop_with "$unit does not restart"
    elif ! systemctl is-active --quiet "$unit"; then
      say "starting $unit, which is down"
      logged systemctl start "$unit" || stop_with "$unit does not start"
    fi
  done
}

base_url() {
  local bind scheme=http
  bind="$(setting STOCKADE_SERVER__BIND 127.0.0.1:8000)"
  bind="${bind/#0.0.0.0:/127.0.0.1:}"
  [[ -z "$(setting STOCKADE_TLS__CERTIFICATE_FILE "")" ]] || scheme=https
  printf '%s://%s' "$scheme" "$bind"
}

# The status of an answer; 000 when there is none. The certificate is for the public name, and this asks by address.
status_of() {
  curl --silent --insecure --max-time 10 --output "${2:-/dev/null}" --write-out '%{http_code}' "$(base_url)$1" || true
}

# Waits for HTTP 200 of /health, then asks what a client would. Answers whether all is well.
healthy() {
  local second body
  for ((second = 0; second < WAIT_SECONDS; second++)); do
    [[ "$(status_of /health)" != 200 ]] || break
    sleep 1
  done
  body="$(mktemp)"
  local path expected got fine=0
  while read -r path expected; do
    got="$(status_of "$path" "$body")"
    say "  $path: $got"
    [[ "$got" == "$expected" ]] || fine=1
    if [[ "$path" == /health ]] && ! grep -q "\"version\":\"$1\"" "$body"; then
      say "  /health does not name version $1"
      fine=1
    fi
  done <<'PATHS'
/health 200
/health/ready 200
/openapi.json 200
/api/v1/about 200
/api/v1/auth/me 401
/api/v1/no-such-path 404
PATHS
  rm -f "$body"
  return "$fine"
}

# `stockade 0.1.0` says 0.1.0.
version_of() {
  "$RELEASES/$1/bin/stockade" --version | awk '{print $2}'
}

# How many migrations a release would still run; fails when the schema is newer than the release.
migrations_waiting() {
  as_service "$RELEASES/$1/bin/stockade" migrate --check | awk '{print $1}'
}

# Backs up with the release that runs. Prints the backup's folder.
back_up() {
  owned_folder "$1"
  as_service "$CURRENT/bin/stockade" backup "$1" --json | sed -n 's/^  "folder": "\(.*\)",$/\1/p'
}

# Puts a backup back with the release it was made by, and says so in the audit log. The service is stopped.
put_back() {
  local backup="$1" release="$2" reason="$3"
  logged as_service "$RELEASES/$release/bin/stockade" restore "$backup" --replace &&
    logged as_service "$RELEASES/$release/bin/stockade" audit reanchor --reason "$reason"
}

# Removes all but the newest backups, and the releases that neither run nor belong to a backup that is left.
remove_old() {
  local old release
  while read -r old; do
    say "removing the backup $old"
    rm -rf "${BACKUPS:?}/$old"
  done < <(backups | head -n "-$KEEP")
  while read -r release; do
    if [[ "$release" != "$(running_release)" ]] && ! grep -qsxF "$release" "$BACKUPS"/*/release; then
      say "removing the release $release"
      rm -rf "${RELEASES:?}/$release"
    fi
  done < <(find "$RELEASES" -mindepth 1 -maxdepth 1 -type d -printf '%f\n')
}

# The backups there are, oldest first.
backups() {
  [[ ! -d "$BACKUPS" ]] || find "$BACKUPS" -mindepth 2 -maxdepth 2 -name manifest.json -printf '%h\n' |
    sed 's|.*/||' | grep -E '^[0-9]{8}T[0-9]{6}Z$' | sort
}
