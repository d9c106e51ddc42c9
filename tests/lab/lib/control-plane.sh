# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler, as processes on the machine itself.
# Each start_* does nothing when its part runs already.

CONTROL_PLANE=(etcd apiserver loopback controller-manager scheduler)   # in the order of their start

start_control_plane() {
  end_strays
  make_cgroup control-plane
  ensure_bridge
  start_etcd
  start_apiserver
  start_loopback
  wait_for_apiserver
  start_controller_manager
  start_scheduler
}

# An earlier control plane whose pid files are lost would hold the ports.
end_strays() {
  local part
  for part in "${CONTROL_PLANE[@]}"; do ! part_runs "$part" || return 0; done
  remove_cgroup control-plane
}

stop_control_plane() {
  local i
  for ((i = ${#CONTROL_PLANE[@]} - 1; i >= 0; i--)); do stop_part "${CONTROL_PLANE[$i]}"; done
  remove_cgroup control-plane
}

# start_control_part <part> <command..>
start_control_part() {
  local part=$1
  shift
  start_part "$part" "$LAB_LIB/in-cgroup.sh" "$LAB_NAME/control-plane" "$@"
  say "$part started"
}

# What is in it is thrown away with the lab, so it need not survive a power cut: no fsync.
start_etcd() {
  part_runs etcd && return
  mkdir -p "$STATE/etcd"
  chmod 700 "$STATE/etcd"
  start_control_part etcd etcd \
    --data-dir "$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$LAB_ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$LAB_ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$((LAB_ETCD_PORT + 1))"
}

# Bound to the bridge alone, where the nodes reach it: nothing of the lab listens on the machine's own network.
start_apiserver() {
  part_runs apiserver && return
  local args=(
    --etcd-servers="http://127.0.0.1:$LAB_ETCD_PORT"
    --bind-address="$LAB_NET.254" --advertise-address="$LAB_NET.254" --secure-port="$LAB_PORT"
    --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key"
    --client-ca-file="$PKI/ca.crt" --token-auth-file="$PKI/tokens.csv"
    --kubelet-client-certificate="$PKI/kubelet-client.crt" --kubelet-client-key="$PKI/kubelet-client.key"
    --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-preferred-address-types=InternalIP
    --service-account-key-file="$PKI/sa.key" --service-account-signing-key-file="$PKI/sa.key"
    --service-account-issuer=https://kubernetes.default.svc
    --authorization-mode="Node,RBAC" --enable-admission-plugins=NodeRestriction --allow-privileged=true
    --service-cluster-ip-range="$LAB_SERVICENET.0/24"
    --default-not-ready-toleration-seconds="$LAB_TOLERATION"
    --default-unreachable-toleration-seconds="$LAB_TOLERATION"
    --event-ttl=6h --v="$LAB_VERBOSITY"
  )
  start_control_part apiserver "$BIN_DIR/kube-apiserver" "${args[@]}"
}

# Clients on the machine come through its loopback, which they reach without a proxy whatever their settings.
start_loopback() {
  part_runs loopback && return
  start_control_part loopback socat \
    "TCP-LISTEN:$LAB_PORT,bind=127.0.0.1,fork,reuseaddr,nodelay" "TCP:$LAB_NET.254:$LAB_PORT,nodelay"
}

apiserver_ready() { [ "$(kc get --raw /readyz 2>/dev/null)" = ok ]; }
apiserver_settled() { apiserver_ready || ! part_runs apiserver || ! part_runs etcd || ! part_runs loopback; }

wait_for_apiserver() {
  local part
  wait_until 300 apiserver_settled || die "the API server does not become ready, see $LOG/apiserver.log"
  for part in etcd apiserver loopback; do
    part_runs "$part" || die "$part has ended: $(log_tail "$part")
If its state is damaged (a power cut, say), wipe it with '$0 down' and start again."
  done
  say "API server ready: https://127.0.0.1:$LAB_PORT"
}

start_controller_manager() {
  part_runs controller-manager && return
  local kubeconfig=$PKI/controller-manager.kubeconfig
  start_control_part controller-manager "$BIN_DIR/kube-controller-manager" \
    --kubeconfig="$kubeconfig" --authentication-kubeconfig="$kubeconfig" --authorization-kubeconfig="$kubeconfig" \
    --leader-elect=false --bind-address=127.0.0.1 --secure-port="$((LAB_PORT + 1))" --port=0 \
    --cert-dir="$PKI/controller-manager" --service-account-private-key-file="$PKI/sa.key" --root-ca-file="$PKI/ca.crt" \
    --use-service-account-credentials=true --controllers='*' \
    --node-monitor-period=2s --node-monitor-grace-period="$LAB_GRACE" --pod-eviction-timeout="${LAB_TOLERATION}s" \
    --pvclaimbinder-sync-period=1s --v="$LAB_VERBOSITY"
}

# With a configuration file the scheduler takes no notice of --port=0, and refuses port 0 inside the file; without the two
# addresses it would listen on port 10251 of every network, and a second lab could not start.
start_scheduler() {
  part_runs scheduler && return
  local kubeconfig=$PKI/scheduler.kubeconfig
  cat >"$PKI/scheduler.yaml" <<YAML
apiVersion: kubescheduler.config.k8s.io/v1beta1
kind: KubeSchedulerConfiguration
clientConnection:
  kubeconfig: $kubeconfig
leaderElection:
  leaderElect: false
healthzBindAddress: 127.0.0.1:$((LAB_PORT + 3))
metricsBindAddress: 127.0.0.1:$((LAB_PORT + 3))
podInitialBackoffSeconds: 1
podMaxBackoffSeconds: 2
YAML
  start_control_part scheduler "$BIN_DIR/kube-scheduler" --config="$PKI/scheduler.yaml" \
    --authentication-kubeconfig="$kubeconfig" --authorization-kubeconfig="$kubeconfig" \
    --bind-address=127.0.0.1 --secure-port="$((LAB_PORT + 2))" --cert-dir="$PKI/scheduler" \
    --v="$LAB_VERBOSITY"
}

# The API server forgets old revisions every five minutes, up to those of five minutes before. What tests need forgotten is
# forgotten at once: nothing that runs here has an interest in how the lab came up.
forget_revisions() {
  python3 - "http://127.0.0.1:$LAB_ETCD_PORT" <<'END' || die "etcd's revisions cannot be compacted; see $LOG"
import json, sys, urllib.request

def call(path, body):
    return json.load(urllib.request.urlopen(sys.argv[1] + path, json.dumps(body).encode(), timeout=10))

revision = call("/v3/kv/range", {"key": "Lw==", "count_only": True})["header"]["revision"]
try:
    call("/v3/kv/compaction", {"revision": revision})
except urllib.error.HTTPError as error:
    if b"has been compacted" not in error.read():
        raise
END
}
