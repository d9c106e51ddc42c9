# shellcheck shell=bash
# The subcommands that start, stop and show the lab.

cmd_up() {
  local node
  require_root up
  require_build
  require_cgroups
  require_crd_folder
  take_lock
  check_settings
  make_state
  settings >"$STATE/settings"
  save_sysctls
  make_pki
  make_images
  start_control_plane
  for node in "${NODES[@]}"; do start_node "$node"; done
  ensure_crds
  for node in "${NODES[@]}"; do wait_for_node "$node"; done
  label_nodes
  grant_reader
  wait_for_accounts
  forget_revisions
  all_parts_run || die "not everything runs; see '$0 status' and $LOG"
  say "the lab is up: export KUBECONFIG=$KUBECONFIG_ADMIN"
}

# wipe: what is left when etcd is lost: the machines with their data, and a control plane that knows of nothing. `up` makes all else anew.
cmd_wipe() {
  local node
  require_root wipe
  require_build
  require_cgroups
  take_lock
  check_settings
  require_lab_up
  for node in "${NODES[@]}"; do
    part_runs "node-$node" || die "$node is not running; '$0 up' starts it"
    stop_part "kubelet-$node"
    stop_part "kube-proxy-$node"
  done
  stop_control_plane
  rm -rf --one-file-system "$STATE/etcd"
  rm -f "$STATE/crds.sha256"
  start_control_plane

  # A kubelet registers its node only when it starts. Containers that nobody knows any more it ends by itself. What a kube-proxy
  # watches ends with the revisions that it knows.
  for node in "${NODES[@]}"; do
    start_kubelet "$node"
    start_kube_proxy "$node"
  done
  for node in "${NODES[@]}"; do wait_for_node "$node"; done
  wait_until 150 default_account_ready default || die "namespace default has no default service account"
  say "etcd is empty; the nodes are back. '$0 up' makes what else belongs to the lab"
}

# down [--keep]: stops everything and takes back everything; --keep leaves the state, so that `up` resumes it.
cmd_down() {
  local node
  case "${1:-}" in '' | --keep) ;; *) die "usage: $0 down [--keep]" ;; esac
  require_root down
  [ -d "$LAB_HOME" ] || { say "there is no lab"; return; }
  take_lock
  check_settings
  for node in "${NODES[@]}"; do stop_node "$node"; done
  stop_control_plane
  remove_cgroup
  remove_bridge
  restore_sysctls
  remove_mountpoints
  rm -rf "$RUN"
  unmount_below "$STATE"
  if [ "${1:-}" = --keep ]; then
    say "stopped; the state is kept in $STATE"
    return
  fi
  # --one-file-system: never through a mount into something that is not ours.
  rm -rf --one-file-system "$STATE"
  say "stopped and wiped; what '$0 build' made stays in $BIN_DIR"
}

cmd_kubeconfig() {
  [ -f "$KUBECONFIG_ADMIN" ] || die "there is no lab; '$0 up' makes one"
  echo "$KUBECONFIG_ADMIN${1:+-$1}"
}

parts() {
  local node
  printf '%s\n' "${CONTROL_PLANE[@]}"
  for node in "${NODES[@]}"; do printf '%s\n' "node-$node" "containerd-$node" "kubelet-$node" "kube-proxy-$node"; done
}

all_parts_run() {
  local part
  while read -r part; do part_runs "$part" || return 1; done < <(parts)
}

# Exit code 0 when every part runs, 1 otherwise.
cmd_status() {
  local part pid
  require_root status
  while read -r part; do
    if pid=$(part_pid "$part"); then printf '%-22s running, pid %s\n' "$part" "$pid"; else printf '%-22s stopped\n' "$part"; fi
  done < <(parts)
  if part_runs apiserver && apiserver_ready; then kc get nodes -L role || true; fi
  all_parts_run
}

# node stop|start <node>
cmd_node() {
  require_root "node ${1:-}"
  require_node "${2:-}"
  take_lock
  check_settings
  case "${1:-}" in
    stop)
      stop_node "$2"
      say "$2 stopped"
      ;;
    start)
      require_lab_up
      start_node "$2"
      wait_for_node "$2"
      ;;
    # All in it runs on, and nobody hears of it; start plugs it in again.
    unplug)
      ip link set "$(node_link "$2")" down
      say "$2 is cut off"
      ;;
    *) die "usage: $0 node stop|start|unplug <node>" ;;
  esac
}

# kubelet stop|start <node> [signal]: the containers of the node run on.
cmd_kubelet() {
  require_root "kubelet ${1:-}"
  require_node "${2:-}"
  take_lock
  check_settings
  case "${1:-}" in
    stop)
      stop_part "kubelet-$2" "${3:-TERM}"
      say "kubelet of $2 stopped"
      ;;
    start)
      require_lab_up
      part_runs "node-$2" || die "$2 is not running; '$0 node start $2' starts it"
      start_kubelet "$2"
      wait_for_node "$2"
      ;;
    *) die "usage: $0 kubelet stop|start <node> [signal]" ;;
  esac
}

require_lab_up() { part_runs apiserver || die "the control plane is not running; '$0 up' starts it"; }

# exec <node> -- <command..>
cmd_exec() {
  local node=${1:-}
  require_root exec
  require_node "$node"
  shift
  [ "${1:-}" != -- ] || shift
  [ $# -gt 0 ] || die "usage: $0 exec <node> -- <command..>"
  check_settings
  in_node "$node" "$@"
}
