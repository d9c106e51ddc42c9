# shellcheck shell=bash
# A node: namespaces of its own (network, mounts, processes, host name, IPC, cgroups), and in them a containerd,
# a kubelet and a kube-proxy, each started only when it does not run. Parts, by the names of their pid files:
#   unshare-<node>     the wrapper that made the namespaces; the node dies with it
#   node-<node>        process 1 of the node
#   containerd-<node>, kubelet-<node>, kube-proxy-<node>

start_node() {
  local node=$1
  mkdir -p "$STATE/nodes/$node/etc"
  part_runs "node-$node" || start_namespaces "$node"
  connect_node "$node" "$(part_pid "node-$node")"
  start_containerd "$node"
  import_images "$node"
  start_kubelet "$node"
  start_kube_proxy "$node"
}

# Killing process 1 of the node takes all its processes along: kubelet, kube-proxy, containerd, shims, containers.
stop_node() {
  local node=$1
  stop_part "kubelet-$node"
  stop_part "node-$node" KILL
  stop_part "unshare-$node" KILL
  rm -f "$RUN/containerd-$node.pid" "$RUN/kube-proxy-$node.pid"
  disconnect_node "$node"
  remove_cgroup "$node"
  unmount_below "$STATE/nodes/$node"
}

start_namespaces() {
  local node=$1 wrapper pid
  # Whatever an earlier node of this name left behind when it was killed.
  stop_node "$node"
  make_cgroup "$node"
  make_mountpoints
  start_part "unshare-$node" "$LAB_LIB/in-cgroup.sh" "$LAB_NAME/$node" \
    unshare --cgroup --mount --uts --ipc --net --pid --fork --kill-child --mount-proc --propagation private \
    "$LAB_LIB/node-init.sh" "$node"
  wrapper=$(part_pid "unshare-$node") || die "$node: $(log_tail "unshare-$node")"
  pid=$(wrapped_child "$wrapper") || die "$node: no namespaces: $(log_tail "unshare-$node")"
  record_pid "node-$node" "$pid"
  wait_until 100 node_initialised "$node" || true
  if ! part_runs "node-$node" || ! node_initialised "$node"; then
    die "$node did not come up: $(log_tail "unshare-$node")"
  fi
  say "$node: namespaces made, process $pid, $(node_address "$node"), pods $(node_podnet "$node")"
}

node_initialised() { [ "$(cat "/proc/$(part_pid "node-$1")/comm" 2>/dev/null)" = pause ] || ! part_runs "node-$1"; }

# in_node <node> <command..>: in all namespaces and the cgroup of a node.
in_node() {
  local node=$1 pid
  shift
  pid=$(part_pid "node-$node") || die "$node is not running"
  in_cgroup "$node" nsenter -t "$pid" -a -- "$@"
}

# start_in_node <part> <node> <command..>: what is recorded is the program itself, not nsenter around it.
start_in_node() {
  local part=$1 node=$2 wrapper pid
  shift 2
  start_part "$part" "$LAB_LIB/in-cgroup.sh" "$LAB_NAME/$node" nsenter -t "$(part_pid "node-$node")" -a -- "$@"
  wrapper=$(part_pid "$part") || die "$part: $(log_tail "$part")"
  pid=$(wrapped_child "$wrapper") || die "$part: $(log_tail "$part")"
  record_pid "$part" "$pid"
}

# ---- containerd --------------------------------------------------------------------------------------------

start_containerd() {
  local node=$1
  part_runs "containerd-$node" && return
  write_containerd_config "$node"
  write_cni_config "$node"
  start_in_node "containerd-$node" "$node" containerd -c "$STATE/nodes/$node/etc/containerd.toml"
  wait_until 100 containerd_answers "$node" || die "containerd of $node does not answer: $(log_tail "containerd-$node")"
  say "$node: containerd ready"
}

containerd_answers() { in_node "$1" ctr version >/dev/null 2>&1; }

write_containerd_config() {
  local etc=$STATE/nodes/$1/etc
  cat >"$etc/containerd.toml" <<TOML
version = 2
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$etc/cni"
TOML
}

write_cni_config() {
  local node=$1 cni=$STATE/nodes/$1/etc/cni
  mkdir -p "$cni"
  cat >"$cni/10-lab.conflist" <<JSON
{
  "cniVersion": "0.4.0",
  "name": "lab",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/var/lib/cni/networks",
        "ranges": [[{"subnet": "$(node_podnet "$node")"}]], "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
JSON
}

# ---- kubelet -----------------------------------------------------------------------------------------------

start_kubelet() {
  local node=$1 etc=$STATE/nodes/$1/etc
  part_runs "kubelet-$node" && return
  : >"$etc/resolv.conf"
  write_kubelet_config "$etc"
  local args=(
    --config="$etc/kubelet.yaml" --hostname-override="$node" --node-ip="$(node_address "$node")"
    --address="$(node_address "$node")" --port=10250 --healthz-bind-address=127.0.0.1 --read-only-port=0
    --kubeconfig="$PKI/$node.kubeconfig" --client-ca-file="$PKI/ca.crt"
    --authentication-token-webhook=true --authorization-mode=Webhook --anonymous-auth=false
    --tls-cert-file="$PKI/$node.crt" --tls-private-key-file="$PKI/$node.key"
    --root-dir=/var/lib/kubelet --resolv-conf="$etc/resolv.conf" --cluster-domain=cluster.local
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock
    --cgroup-driver=cgroupfs --cgroup-root=/ --cgroups-per-qos=false --enforce-node-allocatable=
    --fail-swap-on=false --oom-score-adj=0 --image-gc-high-threshold=100
    --eviction-hard='memory.available<100Mi,nodefs.available<1%,imagefs.available<1%' --v="$LAB_VERBOSITY"
  )
  start_in_node "kubelet-$node" "$node" "$BIN_DIR/kubelet" "${args[@]}"
  say "$node: kubelet started"
}

# With heartbeats by lease alone, NotReady comes at irregular times; a status report every 4 s makes it regular.
write_kubelet_config() {
  cat >"$1/kubelet.yaml" <<'YAML'
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
nodeStatusUpdateFrequency: 4s
nodeStatusReportFrequency: 4s
nodeLeaseDurationSeconds: 20
registryPullQPS: 0
YAML
}

# Within a node alone: pods reach the addresses of Services, the machine does not. The limits of the connection tracking
# are the machine's, and stay as they are.
start_kube_proxy() {
  local node=$1
  part_runs "kube-proxy-$node" && return
  start_in_node "kube-proxy-$node" "$node" "$BIN_DIR/kube-proxy" --hostname-override="$node" \
    --kubeconfig="$PKI/kube-proxy.kubeconfig" --proxy-mode=iptables --bind-address="$(node_address "$node")" \
    --cluster-cidr="$LAB_PODNET.0.0/16" --healthz-bind-address=127.0.0.1:10256 --metrics-bind-address=127.0.0.1:10249 \
    --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s \
    --iptables-min-sync-period=0s --v="$LAB_VERBOSITY"
  say "$node: kube-proxy started"
}

# Ready according to this kubelet, not to the one before it: the heartbeat must be younger than the process.
node_ready() {
  local status heartbeat
  read -r status heartbeat < <(kc get node "$1" -o \
    'jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{"\n"}{end}' 2>/dev/null) || return 1
  [ "$status" = True ] && [ "$(date -d "$heartbeat" +%s)" -ge "$(stat -c %Y "$RUN/kubelet-$1.pid")" ]
}

node_settled() { node_ready "$1" || ! part_runs "kubelet-$1"; }

wait_for_node() {
  wait_until 300 node_settled "$1" || die "$1 does not become Ready, see $LOG/kubelet-$1.log"
  part_runs "kubelet-$1" || die "the kubelet of $1 has ended: $(log_tail "kubelet-$1")"
  say "$1 Ready"
}
