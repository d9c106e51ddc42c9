# shellcheck shell=bash
# Certificates, tokens and kubeconfigs. Everything is made anew when the state is wiped, and kept otherwise.

make_pki() {
  # Private keys and tokens: nobody but root reads them.
  local umask_before
  umask_before=$(umask)
  umask 077
  cd "$PKI" || die "no directory $PKI"
  [ -f sa.key ] || openssl genrsa -out sa.key 2048 2>>"$LOG/pki.log"
  [ -f ca.crt ] || openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3650 \
    -subj "/CN=$LAB_NAME-ca" 2>>"$LOG/pki.log"
  make_server_certificates
  make_client_certificates
  make_tokens
  cd /
  write_kubeconfigs
  umask "$umask_before"
}

# make_key <name> <subject>: a private key and its signing request, in the current directory.
make_key() {
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>>"$LOG/pki.log"
}

# make_certificate <name> <subject> <server|client> [subjectAltName]
make_certificate() {
  local name=$1 subject=$2 usage=$3 names=${4:-}
  [ ! -f "$name.crt" ] || return 0
  make_key "$name" "$subject"
  openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$name.crt.new" \
    -extfile <(printf 'extendedKeyUsage=%sAuth\n' "$usage"; [ -z "$names" ] || printf 'subjectAltName=%s\n' "$names") \
    2>>"$LOG/pki.log"
  mv "$name.crt.new" "$name.crt"
  rm -f "$name.csr"
}

make_server_certificates() {
  local i names="IP:127.0.0.1,IP:$LAB_NET.254,IP:$LAB_SERVICENET.1,DNS:localhost"
  make_certificate apiserver /CN=kube-apiserver server \
    "$names,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  for i in "${!NODES[@]}"; do
    make_certificate "${NODES[$i]}" "/O=system:nodes/CN=system:node:${NODES[$i]}" server \
      "IP:$LAB_NET.$((i + 1)),IP:127.0.0.1,DNS:${NODES[$i]}"
  done
}

make_client_certificates() {
  make_certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client client
  make_certificate admin /O=system:masters/CN=admin client
  make_certificate reader /CN=reader client
  make_certificate kube-proxy /CN=system:kube-proxy client
  make_expired_certificate expired /O=system:masters/CN=admin
}

# `openssl x509` cannot set a start date before version 3.4; `openssl ca` can, but wants a database of what it
# has signed. Valid for one day, long ago.
make_expired_certificate() {
  local name=$1 subject=$2 database=$PKI/ca-database
  [ ! -f "$name.crt" ] || return 0
  mkdir -p "$database"
  : >"$database/index"
  make_key "$name" "$subject"
  openssl ca -batch -notext -in "$name.csr" -out "$name.crt.new" -cert ca.crt -keyfile ca.key \
    -startdate 20200101000000Z -enddate 20200102000000Z -outdir "$database" \
    -config <(printf '%s\n' '[ca]' 'default_ca=lab' '[lab]' "database=$database/index" 'default_md=sha256' 'rand_serial=yes' \
      'policy=any' 'x509_extensions=client' '[any]' 'organizationName=optional' 'commonName=supplied' \
      '[client]' 'extendedKeyUsage=clientAuth') 2>>"$LOG/pki.log" || die "cannot sign the expired certificate: $(log_tail pki)"
  mv "$name.crt.new" "$name.crt"
  rm -rf "$name.csr" "$database"
}

# <token>,<user>,<uid>[,<groups>]: the format of the API server's --token-auth-file.
make_tokens() {
  [ ! -s tokens.csv ] || return 0
  local node
  {
    echo "$(random_token),admin,admin,system:masters"
    echo "$(random_token),system:kube-controller-manager,controller-manager"
    echo "$(random_token),system:kube-scheduler,scheduler"
    for node in "${NODES[@]}"; do echo "$(random_token),system:node:$node,$node,system:nodes"; done
  } >tokens.csv.new
  mv tokens.csv.new tokens.csv
}

random_token() { openssl rand -hex 20; }

token_of() { awk -F, -v uid="$1" '$3 == uid { print $1 }' "$PKI/tokens.csv"; }

write_kubeconfigs() {
  local here=https://127.0.0.1:$LAB_PORT node
  write_kubeconfig "$KUBECONFIG_ADMIN" "$here" admin "token: $(token_of admin)"
  write_kubeconfig "$KUBECONFIG_ADMIN-cert" "$here" admin \
    "client-certificate: $PKI/admin.crt" "client-key: $PKI/admin.key"
  # Embedded, so that both ways of giving a certificate are there to be tested.
  write_kubeconfig "$KUBECONFIG_ADMIN-restricted" "$here" reader \
    "client-certificate-data: $(base64 -w0 "$PKI/reader.crt")" "client-key-data: $(base64 -w0 "$PKI/reader.key")"
  write_kubeconfig "$KUBECONFIG_ADMIN-expired" "$here" admin \
    "client-certificate: $PKI/expired.crt" "client-key: $PKI/expired.key"

  write_kubeconfig "$PKI/controller-manager.kubeconfig" "$here" controller-manager "token: $(token_of controller-manager)"
  write_kubeconfig "$PKI/scheduler.kubeconfig" "$here" scheduler "token: $(token_of scheduler)"
  # A node does not see the machine's loopback, but the control plane's address on the bridge.
  write_kubeconfig "$PKI/kube-proxy.kubeconfig" "https://$LAB_NET.254:$LAB_PORT" kube-proxy \
    "client-certificate: $PKI/kube-proxy.crt" "client-key: $PKI/kube-proxy.key"
  for node in "${NODES[@]}"; do
    write_kubeconfig "$PKI/$node.kubeconfig" "https://$LAB_NET.254:$LAB_PORT" "$node" "token: $(token_of "$node")"
  done
}

# write_kubeconfig <file> <server> <user> <credential line..>
write_kubeconfig() {
  local file=$1 server=$2 user=$3
  shift 3
  {
    cat <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: $LAB_NAME
    cluster:
      server: $server
      certificate-authority: $PKI/ca.crt
users:
  - name: $user
    user:
YAML
    printf '      %s\n' "$@"
    cat <<YAML
contexts:
  - name: $LAB_NAME
    context:
      cluster: $LAB_NAME
      user: $user
current-context: $LAB_NAME
YAML
  } >"$file.new"
  chmod 600 "$file.new"
  mv "$file.new" "$file"
}
