# shellcheck shell=bash
# The container images of the lab. There is no registry to pull from, so they are made from what the machine
# has: busybox from Debian's busybox-static, pause from the Kubernetes source. make-images.py packs them.

IMAGES=$STATE/images/images.tar

make_images() {
  [ ! -s "$IMAGES" ] || return 0
  local staging=$STATE/images/staging
  rm -rf "$staging"
  mkdir -p "$staging/pause"
  cp "$BIN_DIR/pause" "$staging/pause/pause"
  busybox_root "$staging/busybox"
  python3 "$LAB_LIB/make-images.py" "$IMAGES" \
    "$staging/busybox=docker.io/library/busybox:1.36,docker.io/library/busybox:latest=Cmd:sh" \
    "$staging/pause=localhost/pause:1=Entrypoint:/pause"
  rm -rf "$staging"
}

# The file tree of the busybox image: the program, one link for each of its applets, and the usual folders.
busybox_root() {
  local root=$1 applet
  mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,var/www}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  busybox --list-full | while read -r applet; do
    mkdir -p "$root/$(dirname "$applet")"
    [ -e "$root/$applet" ] || ln -s /bin/busybox "$root/$applet"
  done
  for applet in sh ls cat mount; do
    [ -L "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
}

# import_images <node>: into the image store of a node, unless they are there.
import_images() {
  local node=$1 present
  present=$(in_node "$node" ctr -n k8s.io images ls -q) || die "containerd of $node does not list its images"
  if ! grep -qxF localhost/pause:1 <<<"$present"; then
    in_node "$node" ctr -n k8s.io images import "$IMAGES" >>"$LOG/images-$node.log" 2>&1 \
      || die "importing images on $node failed: $(log_tail "images-$node")"
    say "$node: images imported"
  fi
}
