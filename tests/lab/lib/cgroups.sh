# shellcheck shell=bash
# Cgroups (version 1). The whole lab lives below one cgroup, $LAB_NAME: `control-plane` and one for each node,
# which is the root of all cgroups as that node sees them. That a process belongs to the lab can thereby be told
# even when its pid file is lost, and `down` finds every last one.

cgroup_mounts() { awk '$3 == "cgroup" { print $2 }' /proc/mounts; }

require_cgroups() {
  local controller
  for controller in cpu cpuset memory pids; do
    awk -v want="$controller" '$3 == "cgroup" && (","$4",") ~ (","want",") { found = 1 } END { exit !found }' /proc/mounts \
      || die "the cgroup version 1 controller '$controller' is not mounted; Kubernetes 1.20 in namespaces needs it"
  done
}

# make_cgroup <name>: below the lab's own. A cpuset takes no process before it has CPUs and memory nodes.
make_cgroup() {
  local mount path
  while read -r mount; do
    for path in "$mount/$LAB_NAME" "$mount/$LAB_NAME/$1"; do
      mkdir -p "$path"
      [ ! -f "$path/cpuset.mems" ] || fill_cpuset "$path"
    done
  done < <(cgroup_mounts)
}

fill_cpuset() {
  local file
  for file in cpuset.mems cpuset.cpus; do
    [ -n "$(cat "$1/$file")" ] || cat "$(dirname "$1")/$file" >"$1/$file"
  done
}

# in_cgroup <name> <command..>
in_cgroup() {
  local name=$1
  shift
  "$LAB_LIB/in-cgroup.sh" "$LAB_NAME/$name" "$@"
}

# remove_cgroup [name]: kills what is still inside, then removes it. Without a name: the lab's own cgroup.
remove_cgroup() {
  local path=$LAB_NAME${1:+/$1}
  wait_until 50 cgroup_removed "$path" || warn "the cgroup $path cannot be removed; processes: $(cgroup_processes "$path" | tr '\n' ' ')"
}

cgroup_processes() {
  local mount
  while read -r mount; do
    [ ! -d "$mount/$1" ] || find "$mount/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done < <(cgroup_mounts) | sort -un
}

# One attempt. A killed process needs a moment to leave its cgroup, so the caller tries again.
cgroup_removed() {
  local mount pid left=0
  while read -r pid; do kill -KILL "$pid" 2>/dev/null || true; done < <(cgroup_processes "$1")
  while read -r mount; do
    [ -d "$mount/$1" ] || continue
    find "$mount/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ ! -d "$mount/$1" ] || left=1
  done < <(cgroup_mounts)
  [ "$left" = 0 ]
}
