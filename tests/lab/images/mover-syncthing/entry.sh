#!/bin/sh
# What the container of a Syncthing mover runs, with the same variables and mounts as at home: a Syncthing on the volume
# at $SYNCTHING_DATA_DIR, whose settings, device and index are in the volume at $SYNCTHING_CONFIG_DIR and outlive the pod.
set -eu
: "${SYNCTHING_DATA_DIR:?}" "${SYNCTHING_CONFIG_DIR:?}" "${SYNCTHING_CERT_DIR:?}" "${STGUIAPIKEY:?}"
config=$SYNCTHING_CONFIG_DIR/config.xml
if [ ! -f "$config" ]; then
  sed "s|DATA_DIR|$SYNCTHING_DATA_DIR|" /mover-syncthing/config.xml >"$config.new"
  mv "$config.new" "$config"
fi
[ -f "$SYNCTHING_DATA_DIR/.stignore" ] || echo lost+found >"$SYNCTHING_DATA_DIR/.stignore"
cp "$SYNCTHING_CERT_DIR/https-key.pem" "$SYNCTHING_CERT_DIR/https-cert.pem" "$SYNCTHING_CONFIG_DIR/"
exec syncthing serve --home="$SYNCTHING_CONFIG_DIR" --no-browser
