# shellcheck shell=bash
# `lab build`: Debian packages, and the Kubernetes server programs from Debian's own source package.
# Debian ships kubectl but not the servers, hence the compilation; it happens once per machine.

# <what must exist>:<package that brings it>. A bare name is looked up in PATH.
RUN_NEEDS=(
  etcd:etcd-server containerd:containerd ctr:containerd runc:runc /usr/lib/cni/bridge:containernetworking-plugins
  busybox:busybox-static iptables:iptables socat:socat conntrack:conntrack ethtool:ethtool ebtables:ebtables
  modprobe:kmod ip:iproute2 jq:jq openssl:openssl unshare:util-linux mount:mount ps:procps
  kubectl:kubernetes-client python3:python3-minimal bindfs:bindfs syncthing:syncthing
)
COMPILE_NEEDS=(
  go:golang-go dpkg-source:dpkg-dev gcc:gcc make:make rsync:rsync /usr/include/stdlib.h:libc6-dev
  /usr/share/gocode/src/github.com/modern-go/reflect2/reflect2.go:golang-github-modern-go-reflect2-dev
)

cmd_build() {
  require_root build
  take_lock
  require_tools apt-get nice
  install_missing "${RUN_NEEDS[@]}"
  if programs_built; then
    say "the server programs are built already: $BIN_DIR"
    return
  fi
  install_missing "${COMPILE_NEEDS[@]}"
  compile_programs
}

# A machine that was built for an earlier lab compiles only what came since.
missing_programs() {
  local program
  for program in "${SERVER_PROGRAMS[@]}"; do [ -x "$BIN_DIR/$program" ] || echo "$program"; done
}

programs_built() { [ -z "$(missing_programs)" ] && [ -x "$BIN_DIR/pause" ]; }

need_met() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# Installs only what is absent: a machine that has, say, its own container engine keeps it.
install_missing() {
  local need packages=()
  for need in "$@"; do need_met "${need%%:*}" || packages+=("${need#*:}"); done
  [ ${#packages[@]} -gt 0 ] || return 0
  say "installing ${packages[*]}"
  forbid_service_starts
  update_package_lists
  DEBIAN_FRONTEND=noninteractive nice apt-get install -y -qq --no-install-recommends "${packages[@]}" \
    >"$LAB_HOME/apt.log" 2>&1 || { tail -n 20 "$LAB_HOME/apt.log" >&2; die "apt-get install failed"; }
  rm -f "$LAB_HOME/apt.log"
  allow_service_starts
  for need in "$@"; do need_met "${need%%:*}" || die "${need%%:*} is still missing after installing ${need#*:}"; done
}

# A failing third-party source must not stop us: what counts is whether the install succeeds.
update_package_lists() { nice apt-get update -qq >/dev/null || warn "apt-get update reported errors"; }

# etcd and containerd come with services that would start at once. An existing policy is left as it is.
POLICY=/usr/sbin/policy-rc.d
forbid_service_starts() {
  [ ! -e "$POLICY" ] || return 0
  trap allow_service_starts EXIT
  POLICY_IS_OURS=1
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
}

allow_service_starts() {
  [ -z "${POLICY_IS_OURS:-}" ] || rm -f "$POLICY"
  POLICY_IS_OURS=
}

compile_programs() {
  local work=$LAB_HOME/build programs
  mapfile -t programs < <(missing_programs)
  rm -rf "$work"
  mkdir -p "$work" "$BIN_DIR"
  say "fetching the source of Kubernetes"
  fetch_source "$work"
  cd "$work"/kubernetes-*/ || die "the source package holds no tree"
  mend_reflect2
  say "compiling ${programs[*]} (4 to 5 minutes on two cores for all)"
  [ ${#programs[@]} = 0 ] || run_make "$work" "${programs[@]}"
  gcc -Os -static -DVERSION=lab -o "$work/pause" build/pause/linux/pause.c
  # Programs appear under their final name only when all are there.
  local program
  for program in "${programs[@]}"; do install -m 755 "_output/bin/$program" "$BIN_DIR/$program"; done
  install -m 755 "$work/pause" "$BIN_DIR/pause"
  cd /
  rm -rf "$work"
  say "built: $BIN_DIR"
}

# Package lists of our own: the machine's source list has usually no deb-src entry and stays as it is.
fetch_source() {
  local work=$1 mirror key
  key=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "cannot tell this machine's Debian mirror from its apt sources; set HOMELABOPS_LAB_MIRROR"
  echo "deb-src [signed-by=$key] $mirror bookworm main" >"$work/source.list"
  mkdir -p "$work/lists/partial"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/source.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  (cd "$work" && "${apt[@]}" source kubernetes >"$work/source.log" 2>&1) \
    || { tail -n 20 "$work/source.log" >&2; die "cannot fetch the source package kubernetes"; }
}

# The first mirror in the machine's apt sources, in either of their formats.
debian_mirror() {
  local file
  if [ -n "${HOMELABOPS_LAB_MIRROR:-}" ]; then echo "$HOMELABOPS_LAB_MIRROR"; return; fi
  for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    [ ! -s "$file" ] || awk '
      $1 == "URIs:" { print $2; exit }
      $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' "$file"
  done | head -n 1
}

# reflect2 1.0.1 in that tree crashes on maps of custom resources when built with Go 1.18 or later; the
# 1.0.2 that Debian packages does not.
mend_reflect2() {
  local vendored=vendor/github.com/modern-go/reflect2
  rm -rf "${vendored:?}"/*
  cp /usr/share/gocode/src/github.com/modern-go/reflect2/* "$vendored"/
  rm -f "$vendored"/*_test.go
}

# Kubernetes of that age builds in a GOPATH. Go's build cache goes into the work directory as well.
run_make() {
  local work=$1
  shift
  mkdir -p .go/src/k8s.io
  ln -sfn ../../.. .go/src/k8s.io/kubernetes
  nice env CGO_ENABLED=0 GOPATH="$PWD/.go" GOCACHE="$work/go-cache" GOTMPDIR="$work" PATH="/usr/lib/go/bin:$PATH" \
    make WHAT="$(printf 'cmd/%s ' "$@")" GOLDFLAGS="-s -w" >"$work/make.log" 2>&1 \
    || { tail -n 20 "$work/make.log" >&2; die "make failed"; }
}
