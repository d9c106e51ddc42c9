# shellcheck shell=bash
# `lab fixtures`: objects for the tests, from tests/lab/fixtures. Repeating it restores them and renews their times.

cmd_fixtures() {
  require_root fixtures
  take_lock
  check_settings
  require_lab_up
  require_tools "$LAB_KUBECTL" jq
  kc apply -f "$LAB_ROOT/fixtures/flux.yaml" -f "$LAB_ROOT/fixtures/workloads.yaml"
  write_flux_status gitrepositories.source.toolkit.fluxcd.io/v1 flux-system flux-system
  write_flux_status helmrepositories.source.toolkit.fluxcd.io/v1 media media-charts
  write_flux_status helmreleases.helm.toolkit.fluxcd.io/v2 media sonarr
  local name
  for name in flux-system infrastructure-storage infrastructure-metallb apps; do
    write_flux_status kustomizations.kustomize.toolkit.fluxcd.io/v1 flux-system "$name"
  done
  say "fixtures applied, their status written"
}

# write_flux_status <plural>.<group>/<version> <namespace> <name>
# Through the status subresource, as a controller does. `kubectl patch --subresource` came with 1.24 only, while
# `replace --raw` is in every kubectl there is. Should somebody else write between reading and writing: once more.
write_flux_status() {
  local type=$1 namespace=$2 name=$3
  local path=/apis/${type#*.}/namespaces/$namespace/${type%%.*}/$name
  wait_until 5 replace_status "$path" || die "cannot write the status of $name: $(log_tail fixtures)"
}

replace_status() {
  kc get --raw "$1" \
    | jq --argjson now "$(date +%s)" -f "$LAB_ROOT/fixtures/flux-status.jq" \
    | kc replace --raw "$1/status" -f - >/dev/null 2>>"$LOG/fixtures.log"
}
