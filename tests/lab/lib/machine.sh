# shellcheck shell=bash
# What the lab changes on the machine itself: some kernel settings, and empty directories as mountpoints.
# Both are written down before, so that `down` can put them back.

# A starting kubelet sets these; they are the machine's, not a namespace's.
KUBELET_SYSCTLS=(kernel.panic kernel.panic_on_oops vm.overcommit_memory vm.panic_on_oom
  kernel.keys.root_maxkeys kernel.keys.root_maxbytes)

# The first line is the boot it was saved in: after a reboot the values have been reset by themselves.
save_sysctls() {
  local name file=$STATE/sysctls
  [ ! -f "$file" ] || [ "$(head -n 1 "$file")" != "$BOOT_ID" ] || return 0
  {
    echo "$BOOT_ID"
    for name in "${KUBELET_SYSCTLS[@]}"; do echo "$name=$(sysctl_value "$name")"; done
  } >"$file.new"
  mv "$file.new" "$file"
}

restore_sysctls() {
  local setting file=$STATE/sysctls
  [ -f "$file" ] || return 0
  if [ "$(head -n 1 "$file")" = "$BOOT_ID" ]; then
    while IFS= read -r setting; do
      [ "$(sysctl_value "${setting%%=*}")" = "${setting#*=}" ] \
        || echo "${setting#*=}" >"$(sysctl_file "${setting%%=*}")" || warn "cannot restore $setting"
    done < <(tail -n +2 "$file")
  fi
  rm -f "$file"
}

sysctl_file() { echo "/proc/sys/${1//.//}"; }
sysctl_value() { cat "$(sysctl_file "$1")"; }

# A node has its own instance of these directories, below $STATE/nodes/<node>; all else it shares with the machine.
NODE_DIRS=(/var/lib/kubelet /var/lib/containerd /var/lib/cni /var/lib/rancher /var/log /srv /run)

make_mountpoints() {
  local dir
  for dir in "${NODE_DIRS[@]}"; do
    [ -d "$dir" ] || { echo "$dir" >>"$STATE/mountpoints"; mkdir -p "$dir"; }
  done
}

# Only the ones made above, and only when empty. Not while another lab uses them either: to remove a directory takes
# away what is mounted on it in other mount namespaces.
remove_mountpoints() {
  local dir
  [ -f "$STATE/mountpoints" ] || return 0
  while read -r dir; do
    if mounted_somewhere "$dir"; then
      warn "another lab uses $dir; it stays"
    else
      rmdir "$dir" 2>/dev/null || true
    fi
  done <"$STATE/mountpoints"
  rm -f "$STATE/mountpoints"
}

mounted_somewhere() { grep -qsF " $1 " /proc/[0-9]*/mountinfo; }

# The nodes' mounts are private to them and end with them. Should one have reached the machine all the same,
# it must neither shadow a new node's directories nor be deleted through.
unmount_below() {
  local mount
  awk -v below="$1/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" || warn "cannot unmount $mount"
  done
}
