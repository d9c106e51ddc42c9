# shellcheck shell=bash
# The lab's network: a bridge stands for the LAN; the control plane is .254 on it, node n is .n. Pods have a
# network per node, reached through that node. Nothing is routed to the outside and no packet filter but the nodes' own
# is touched, in which kube-proxy leads the addresses of Services to pods.

node_link() { echo "$LAB_NAME-n$(node_number "$1")"; }
node_address() { echo "$LAB_NET.$(node_number "$1")"; }
node_podnet() { echo "$LAB_PODNET.$(node_number "$1").0/24"; }

ensure_bridge() {
  [ ${#LAB_NAME} -le 12 ] || die "HOMELABOPS_LAB_NAME is too long for a network link: $LAB_NAME"
  if ! ip link show "$LAB_NAME" >/dev/null 2>&1; then
    if grep -qF " $LAB_NET." <<<"$(ip -o -4 addr)"; then
      die "this machine has an address in $LAB_NET.0/24 already; choose another with HOMELABOPS_LAB_NET"
    fi
    ip link add "$LAB_NAME" type bridge
  fi
  ip addr replace "$LAB_NET.254/24" dev "$LAB_NAME"
  ip link set "$LAB_NAME" up
}

# connect_node <node> <pid>: a cable from the bridge to eth0 of the node, and the routes to the pods.
connect_node() {
  local node=$1 pid=$2 link other
  link=$(node_link "$node")
  if ! ip link show "$link" >/dev/null 2>&1; then
    ip link add "$link" type veth peer name eth0 netns "$pid"
    nsenter -t "$pid" -n ip addr replace "$(node_address "$node")/24" dev eth0
    nsenter -t "$pid" -n ip link set eth0 up
  fi
  ip link set "$link" master "$LAB_NAME" up
  ip route replace "$(node_podnet "$node")" via "$(node_address "$node")"
  for other in "${NODES[@]}"; do
    [ "$other" = "$node" ] \
      || nsenter -t "$pid" -n ip route replace "$(node_podnet "$other")" via "$(node_address "$other")"
  done
}

disconnect_node() { ip link del "$(node_link "$1")" 2>/dev/null || true; }

remove_bridge() { ip link del "$LAB_NAME" 2>/dev/null || true; }
