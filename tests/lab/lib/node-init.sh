#!/usr/bin/env bash
# node-init.sh <node>: runs inside a node's fresh namespaces, as its process 1. Gives the node its own directories,
# host name and view of the cgroups, then becomes `pause`, which reaps orphans and waits for ever.
# The lab's settings arrive through the environment.
set -euo pipefail
LAB_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=SCRIPTDIR/common.sh
. "$LAB_LIB/common.sh"
# shellcheck source=SCRIPTDIR/machine.sh
. "$LAB_LIB/machine.sh"
# shellcheck source=SCRIPTDIR/cgroups.sh
. "$LAB_LIB/cgroups.sh"

node=$1
node_dir=$STATE/nodes/$node

# --no-mtab everywhere: mount(8) would otherwise make /run/mount, at first still the machine's own.
mount_own_directories() {
  local dir
  for dir in "${NODE_DIRS[@]}"; do
    if [ "$dir" = /run ]; then
      mount --no-mtab -t tmpfs -o mode=755 tmpfs /run
    else
      mkdir -p "$node_dir$dir"
      mount --no-mtab --bind "$node_dir$dir" "$dir"
    fi
  done
  mkdir -p /run/netns /run/containerd /run/lock /var/log/pods /var/log/containers
}

# Kubernetes takes two nodes with the same machine id for one.
set_identity() {
  echo "$node" >/proc/sys/kernel/hostname
  echo "$node" >"$node_dir/hostname"
  printf '%s-%s' "$LAB_NAME" "$node" | md5sum | cut -c1-32 >"$node_dir/machine-id"
  [ ! -f /etc/hostname ] || mount --no-mtab --bind "$node_dir/hostname" /etc/hostname
  [ ! -f /etc/machine-id ] || mount --no-mtab --bind "$node_dir/machine-id" /etc/machine-id
}

# Mounted again from within the node's cgroup namespace, the hierarchies begin at the node's own cgroup.
mount_cgroups() {
  local path name option
  local -a hierarchies
  mapfile -t hierarchies < <(cgroup_mounts)
  umount --no-mtab -R /sys/fs/cgroup
  mount --no-mtab -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for path in "${hierarchies[@]}"; do
    name=${path##*/}
    option=$name
    [ "$name" != systemd ] || option=none,name=systemd
    mkdir "/sys/fs/cgroup/$name"
    mount --no-mtab -t cgroup -o "$option" cgroup "/sys/fs/cgroup/$name"
  done
}

mount_own_directories
set_identity
mount_cgroups
# Every mount becomes a peer group of its own, as on a real machine: pods with mount propagation work.
mount --no-mtab --make-rprivate /
mount --no-mtab --make-rshared /
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
cd /
exec "$BIN_DIR/pause"
