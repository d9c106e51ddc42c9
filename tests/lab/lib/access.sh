# shellcheck shell=bash
# What the cluster is given beyond what Kubernetes itself makes: node labels, and the rights of user `reader`.

# As in the homelab: the roles say where the data are. A kubelet may not set a node-role label itself; kubectl may.
label_nodes() {
  local node role=primary
  for node in "${NODES[@]}"; do
    kc label node "$node" --overwrite "role=$role" node-role.kubernetes.io/worker=true >/dev/null
    role=backup
  done
}

# kubeconfig-restricted: may look at the pods of namespace media, and at nothing else.
grant_reader() {
  kc apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: Namespace
metadata:
  name: media
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pod-reader
  namespace: media
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
  namespace: media
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: pod-reader
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: reader
YAML
}

# Pods are refused until the controllers have made the namespace's service account and its token.
default_account_ready() {
  [ -n "$(kc -n "$1" get serviceaccount default -o 'jsonpath={.secrets[0].name}' 2>/dev/null)" ]
}

wait_for_accounts() {
  local namespace
  for namespace in default media; do
    wait_until 150 default_account_ready "$namespace" || die "namespace $namespace has no default service account"
  done
}
