# shellcheck shell=bash
# Custom resource definitions of Flux, VolSync and MetalLB. The real ones are taken when a folder with them is at
# hand (HOMELABOPS_CRDS); for those it lacks, and without it for all, those of the embedded homelab serve.

HOMELAB_CRDS=$REPO_ROOT/src/HomelabOps.Sandbox/Homelab/Definitions
CRD_FOLDER=${HOMELABOPS_CRDS:-$REPO_ROOT/../shared/crds}

# A folder that was asked for must be there; the default may be missing.
require_crd_folder() {
  [ -z "${HOMELABOPS_CRDS:-}" ] || [ -d "$HOMELABOPS_CRDS" ] || die "HOMELABOPS_CRDS names no folder: $HOMELABOPS_CRDS"
}

cmd_crds() {
  require_root crds
  require_crd_folder
  take_lock
  check_settings
  require_lab_up
  require_tools "$LAB_KUBECTL"
  install_crds
}

# Skipped when the same files were installed before and all are still there: `up` is run often.
ensure_crds() {
  if [ -f "$STATE/crds.sha256" ] && [ "$(crd_checksum)" = "$(cat "$STATE/crds.sha256")" ] && crds_present; then return; fi
  install_crds
}

# Kubernetes 1.20 does not know x-kubernetes-validations. It drops the field from what is created or replaced, but
# refuses it in a server-side apply; some are too large for the annotation of a client-side one. So: create, or replace.
install_crds() {
  local file existing created=() replaced=()
  existing=$(kc get crd -o name)
  while read -r file; do
    if grep -qxF "customresourcedefinition.apiextensions.k8s.io/$(crd_name "$file")" <<<"$existing"; then
      replaced+=(-f "$file")
    else
      created+=(-f "$file")
    fi
  done < <(crd_files)
  [ ${#created[@]} = 0 ] || kc create --validate=false "${created[@]}" >>"$LOG/crds.log" || die "cannot create the CRDs"
  [ ${#replaced[@]} = 0 ] || kc replace --validate=false "${replaced[@]}" >>"$LOG/crds.log" || die "cannot replace the CRDs"
  wait_for_crds
  crd_checksum >"$STATE/crds.sha256"
  say "CRDs installed: $(crd_files | wc -l), of which $(crd_files | grep -cF "$HOMELAB_CRDS/" || true) are the embedded homelab's"
}

wait_for_crds() {
  local -a names
  mapfile -t names < <(wanted_crds)
  kc wait --for=condition=Established --timeout=60s crd "${names[@]}" >>"$LOG/crds.log" || die "the CRDs are not established"
}

crds_present() {
  [ -z "$(comm -23 <(wanted_crds | sort) <(kc get crd -o name | sed 's|.*/||' | sort))" ]
}

crd_checksum() { crd_files | xargs -d '\n' cat | sha256sum; }

wanted_crds() {
  local file
  while read -r file; do crd_name "$file"; done < <(crd_files)
}

# One definition a file. Its name is the `name:` directly below `metadata:`; none means that it is no definition.
crd_name() {
  awk '/^kind: CustomResourceDefinition/ { right = 1 }
    /^metadata:/ { inside = 1; next }
    /^[^ #]/ { inside = 0 }
    inside && /^  name:/ && !name { name = $2 }
    END { if (right) print name }' "$1"
}

# The files to install, one a line: all of the folder, and those of the embedded homelab that it lacks.
crd_files() {
  local file given=''
  if [ -d "$CRD_FOLDER" ]; then
    for file in "$CRD_FOLDER"/*.yaml; do
      [ -n "$(crd_name "$file")" ] || continue
      realpath "$file"
      given+=$(crd_name "$file")$'\n'
    done
  fi
  for file in "$HOMELAB_CRDS"/*.yaml; do
    grep -qxF "$(crd_name "$file")" <<<"$given" || echo "$file"
  done
}
