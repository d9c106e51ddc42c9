# shellcheck shell=bash
# The container images of the lab. There is no registry to pull from, so they are made from what the machine
# has: busybox from Debian's busybox-static, pause from the Kubernetes source, a mover of VolSync's from Debian's
# syncthing. make-images.py packs them.

IMAGES=$STATE/images/images.tar

make_images() {
  # A kept state may be of an earlier lab.
  [ "$LAB_LIB/images.sh" -nt "$IMAGES" ] || return 0
  local staging=$STATE/images/staging
  rm -rf "$staging"
  mkdir -p "$staging/pause"
  cp "$BIN_DIR/pause" "$staging/pause/pause"
  busybox_root "$staging/busybox"
  cp -R "$staging/busybox" "$staging/mover"
  add_syncthing "$staging/mover"
  python3 "$LAB_LIB/make-images.py" "$IMAGES" \
    "$staging/busybox=docker.io/library/busybox:1.36,docker.io/library/busybox:latest=Cmd:sh" \
    "$staging/mover=localhost/mover-syncthing:1=Entrypoint:/mover-syncthing/entry.sh" \
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

# add_syncthing <root>: the program with the libraries that it is linked with, and what a mover starts.
add_syncthing() {
  local root=$1 program library
  program=$(command -v syncthing)
  mkdir -p "$root"/{data,certs,usr/bin}
  cp "$program" "$root/usr/bin/syncthing"
  ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  cp -R "$LAB_ROOT/images/mover-syncthing" "$root/"
}

# import_images <node>: into the image store of a node, unless they are there.
import_images() {
  local node=$1 present image
  present=$(in_node "$node" ctr -n k8s.io images ls -q) || die "containerd of $node does not list its images"
  for image in localhost/pause:1 localhost/mover-syncthing:1; do
    grep -qxF "$image" <<<"$present" && continue
    in_node "$node" ctr -n k8s.io images import "$IMAGES" >>"$LOG/images-$node.log" 2>&1 \
      || die "importing images on $node failed: $(log_tail "images-$node")"
    say "$node: images imported"
    return
  done
}
