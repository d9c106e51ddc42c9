# shellcheck shell=bash disable=SC2034  # settings are used by the files that source this one
# Settings, messages, preconditions and process bookkeeping of the lab. Sourced by every other part.

# ---- settings: every one can be overridden by the environment (README.md lists them) ----------------------

LAB_HOME=${HOMELABOPS_LAB_HOME:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/homelabops-lab}
LAB_NAME=${HOMELABOPS_LAB_NAME:-hlops0}            # bridge, veth prefix and cgroup name: one per lab on a machine
LAB_NET=${HOMELABOPS_LAB_NET:-10.78.0}             # /24 between the nodes; .254 is the control plane
LAB_PODNET=${HOMELABOPS_LAB_PODNET:-10.245}        # <podnet>.<n>.0/24 holds the pods of node n
LAB_SERVICENET=${HOMELABOPS_LAB_SERVICENET:-10.246.0}
LAB_PORT=${HOMELABOPS_LAB_PORT:-18443}             # API server; +1 controller manager, +2 and +3 scheduler
LAB_ETCD_PORT=${HOMELABOPS_LAB_ETCD_PORT:-14379}   # +1 is etcd's peer port
LAB_NODES=${HOMELABOPS_LAB_NODES:-k3s-w1 k3s-w2}   # the first is role=primary, all others role=backup
LAB_GRACE=${HOMELABOPS_LAB_GRACE:-16s}             # silence after which a node becomes NotReady
LAB_TOLERATION=${HOMELABOPS_LAB_TOLERATION:-5}     # seconds after NotReady before its pods are evicted
LAB_VERBOSITY=${HOMELABOPS_LAB_VERBOSITY:-2}       # log level of the Kubernetes parts
LAB_KUBECTL=${HOMELABOPS_LAB_KUBECTL:-kubectl}

# ---- where things are --------------------------------------------------------------------------------------

LAB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPO_ROOT=$(cd "$LAB_ROOT/../.." && pwd)
BIN_DIR=$LAB_HOME/bin                # what `build` made; the only thing `down` leaves
STATE=$LAB_HOME/cluster              # everything else; secrets inside, hence mode 0700
RUN=$STATE/run
LOG=$STATE/log
PKI=$STATE/pki
KUBECONFIG_ADMIN=$STATE/kubeconfig

SERVER_PROGRAMS=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)
read -ra NODES <<<"$LAB_NODES"
BOOT_ID=$(cat /proc/sys/kernel/random/boot_id)

# ---- messages ----------------------------------------------------------------------------------------------

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
warn() { printf 'lab: warning: %s\n' "$*" >&2; }
die() { printf 'lab: %s\n' "$*" >&2; exit 1; }

[[ $LAB_HOME == /* ]] || die "HOMELABOPS_LAB_HOME must be an absolute path: $LAB_HOME"

# ---- preconditions -----------------------------------------------------------------------------------------

require_root() {
  [ "$(id -u)" = 0 ] || die "'$1' must run as root: it makes namespaces, cgroups and network links. Try: sudo $0 $1"
}

require_tools() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} = 0 ] || die "not found: ${missing[*]}. Run '$0 build' first, it installs the packages."
}

require_build() {
  local program
  require_tools etcd containerd runc ctr ip iptables socat jq openssl unshare nsenter "$LAB_KUBECTL" python3 syncthing
  [ -x /usr/lib/cni/bridge ] || die "no CNI plugins below /usr/lib/cni. Run '$0 build' first."
  for program in "${SERVER_PROGRAMS[@]}" pause; do
    [ -x "$BIN_DIR/$program" ] || die "$program is not built. Run '$0 build' first."
  done
}

require_node() {
  local node
  for node in "${NODES[@]}"; do [ "$node" != "${1:-}" ] || return 0; done
  die "no node '${1:-}'; the nodes are: ${NODES[*]}"
}

# The number of a node, counted from 1: its address and its pod network follow from it.
node_number() {
  local i
  for i in "${!NODES[@]}"; do [ "${NODES[$i]}" != "$1" ] || { echo $((i + 1)); return; }; done
  return 1
}

# Directories are made private before anything secret is written into them.
make_state() {
  mkdir -p "$STATE"
  chmod 700 "$STATE"
  mkdir -p "$RUN" "$LOG" "$PKI"
}

# One lab command at a time. The lock sits on the directory itself, so it leaves no file behind.
take_lock() {
  mkdir -p "$LAB_HOME"
  exec 9<"$LAB_HOME"
  flock -w 120 9 || die "another lab command has been running for two minutes"
}

# Nothing of the lab is outside this machine, and a proxy would not find it. (`build` does need the proxy.)
forget_proxies() { unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY; }

# The cache belongs to the lab's state: without the option kubectl would leave one in the home directory.
kc() { "$LAB_KUBECTL" --kubeconfig "$KUBECONFIG_ADMIN" --cache-dir "$STATE/kubectl-cache" "$@"; }

# Addresses and names are baked into certificates and links: a lab is stopped with the settings it was made with.
settings() {
  printf '%s\n' "$LAB_NAME" "$LAB_NET" "$LAB_PODNET" "$LAB_SERVICENET" "$LAB_PORT" "$LAB_ETCD_PORT" "$LAB_NODES"
}

check_settings() {
  [ -f "$STATE/settings" ] || return 0
  [ "$(cat "$STATE/settings")" = "$(settings)" ] || die "the lab in $STATE was made with other settings \
(name, networks, ports, nodes: $(tr '\n' ' ' <"$STATE/settings")). Take it down with those first."
}

# wait_until <tries> <command..>: five tries a second.
wait_until() {
  local tries=$1
  shift
  while ! "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}

# ---- processes ---------------------------------------------------------------------------------------------
# A pid file holds "<pid> <start time> <boot id>". All three must fit, so that neither a reused pid nor one
# from before a reboot is ever taken for ours, let alone signalled.

process_start() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# Field 3 of the stat line: a zombie still has a /proc entry, but it is gone for us.
process_alive() {
  local state
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f1) || return 1
  [ -n "$state" ] && [ "$state" != Z ] && [ "$state" != X ]
}

process_gone() { ! process_alive "$1"; }

record_pid() { echo "$2 $(process_start "$2") $BOOT_ID" >"$RUN/$1.pid"; }

# Prints the pid of a part, fails when it is not running.
part_pid() {
  local pid start boot
  [ -f "$RUN/$1.pid" ] || return 1
  read -r pid start boot <"$RUN/$1.pid" || return 1
  [ -n "$pid" ] && [ "$boot" = "$BOOT_ID" ] && [ "$(process_start "$pid")" = "$start" ] \
    && process_alive "$pid" && echo "$pid"
}

part_runs() { part_pid "$1" >/dev/null; }

# start_part <part> <command..>: in the background, in a session of its own, with the part's log, recorded.
# File 9 is the lock; a daemon that inherited it would hold it for ever.
start_part() {
  local part=$1
  shift
  setsid nohup "$@" >>"$LOG/$part.log" 2>&1 </dev/null 9<&- &
  record_pid "$part" $!
}

# stop_part <part> [signal]: ends it and waits; after seven seconds it is killed.
stop_part() {
  local pid
  if pid=$(part_pid "$1"); then
    kill -"${2:-TERM}" "$pid" 2>/dev/null || true
    if ! wait_until 35 process_gone "$pid"; then
      kill -KILL "$pid" 2>/dev/null || true
      wait_until 15 process_gone "$pid" || warn "$1 (pid $pid) cannot be killed"
    fi
  fi
  rm -f "$RUN/$1.pid"
}

# The only child of a wrapper such as nsenter or unshare, which forks to enter a pid namespace. Before the
# wrapper has replaced the shell that starts it, a child of it may be anything: hence the look at its name.
wrapped_child() {
  local tries=200 name child
  while [ "$tries" -gt 0 ]; do
    name=$(cat "/proc/$1/comm" 2>/dev/null) || return 1
    if [ "$name" = unshare ] || [ "$name" = nsenter ]; then
      child=$(cat "/proc/$1/task/$1/children" 2>/dev/null) || return 1
      [ -z "$child" ] || { echo "${child%% *}"; return; }
    fi
    tries=$((tries - 1))
    sleep 0.05
  done
  return 1
}

log_tail() { tail -n 3 "$LOG/$1.log" 2>/dev/null || true; }
