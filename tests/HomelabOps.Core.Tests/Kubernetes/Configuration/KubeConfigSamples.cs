using static HomelabOps.Core.Tests.Kubernetes.Configuration.TestCertificates;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Kubeconfigs as tools write them and as people edit them.</summary>
internal static class KubeConfigSamples
{
    public static IReadOnlyList<KubeConfigSample> All { get; } =
    [
        new("k3s", $"""
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: {AuthorityData}
                server: https://127.0.0.1:6443
              name: default
            contexts:
            - context:
                cluster: default
                user: default
              name: default
            current-context: default
            kind: Config
            users:
            - name: default
              user:
                client-certificate-data: {Base64(Client.ExportCertificatePem() + "\n" + Authority.ExportCertificatePem())}
                client-key-data: {ClientKeyData}
            """),
        new("kind", $$$"""
            apiVersion: v1
            kind: Config
            preferences: {}
            clusters:
            - {name: kind-kind, cluster: {server: "https://127.0.0.1:40731", certificate-authority-data: {{{AuthorityData}}}}}
            contexts:
            - {name: kind-kind, context: {cluster: kind-kind, user: kind-kind}}
            current-context: kind-kind
            users:
            - {name: kind-kind, user: {client-certificate-data: {{{ClientData}}}, client-key-data: {{{ClientKeyData}}}}}
            """),
        new("minikube with files and extensions", """
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority: pki/ca.crt
                extensions:
                - extension:
                    last-update: Mon, 02 Jun 2025 10:11:12 CEST
                    provider: minikube.sigs.k8s.io
                    version: v1.36.0
                  name: cluster_info
                server: https://192.168.49.2:8443
              name: minikube
            contexts:
            - context:
                cluster: minikube
                extensions:
                - extension: {provider: minikube.sigs.k8s.io}
                  name: context_info
                namespace: default
                user: minikube
              name: minikube
            current-context: minikube
            kind: Config
            preferences: {colors: true}
            users:
            - name: minikube
              user:
                client-certificate: pki/client.crt
                client-key: ./pki/client.key
            """),
        new("token", Simple("token: abc.def.ghi")),
        new("token file", Simple("tokenFile: pki/token"), TheirsDiffers: "it does not know tokenFile"),
        new("basic", Simple("username: admin\n    password: 'p:ss w\u00F6rd'")),
        new("several contexts, not the current one", $$$"""
            current-context: prod
            contexts:
            - name: prod
              context: {cluster: prod, user: prod, namespace: prod-ns}
            - name: backup
              context: {cluster: backup, user: backup, namespace: backup-ns}
            clusters:
            - name: prod
              cluster: {server: https://10.0.0.1:6443, certificate-authority-data: {{{AuthorityData}}}}
            - name: backup
              cluster: {server: https://10.0.0.2:6443/prefix/, certificate-authority-data: {{{Base64(OtherAuthority.ExportCertificatePem())}}}}
            users:
            - name: prod
              user: {token: prod-token}
            - name: backup
              user: {token: backup-token}
            """, Context: "backup"),
        new("JSON", """
            {"apiVersion": "v1", "kind": "Config", "current-context": "j",
              "contexts": [{"name": "j", "context": {"cluster": "c", "user": "u", "namespace": "json\u002dns"}}],
              "clusters": [{"name": "c", "cluster": {"server": "https:\/\/10.1.1.1:6443", "insecure-skip-tls-verify": true}}],
              "users": [{"name": "u", "user": {"token": "json-token"}}]}
            """),
        new("JSON with tabs", "{\n\t\"current-context\": \"j\",\n\t\"contexts\": [\n\t\t{\"name\": \"j\", \"context\": {\"cluster\": \"c\", \"user\": \"u\"}}],\n\t\"clusters\": [{\"name\": \"c\", \"cluster\": {\"server\": \"https://10.1.1.1:6443\"}}],\n\t\"users\": [{\"name\": \"u\", \"user\": {\"token\": \"tabs\"}}]\n}\n"),
        new("CRLF", Simple("token: crlf-token").ReplaceLineEndings("\r\n")),
        new("byte order mark", "\uFEFF" + Simple("token: bom-token")),
        new("comments and a document marker", "# my lab\n---\n" + Simple("token: commented # not part of it\n    # token: old")),
        new("anchors", """
            current-context: a
            contexts:
            - {name: a, context: {cluster: c, user: second}}
            clusters:
            - name: c
              cluster: {server: https://10.0.0.9:6443}
            users:
            - name: first
              user: &login
                token: shared-token
            - name: second
              user: *login
            """),
        new("merge keys", """
            x-login: &login {username: admin, password: merged}
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: https://10.0.0.9:6443}}]
            users:
            - name: u
              user:
                <<: *login
                password: own
            """),
        new("quoted and folded scalars", """
            "current-context": 'it''s'
            contexts:
            - name: "it's"
              context: {"cluster": "c", "user": 'u', "namespace": "na\u006de"}
            clusters:
            - name: c
              cluster:
                server: >-
                  https://10.0.0.9:6443
            users:
            - name: u
              user:
                token: |-
                  block-token
            """),
        new("unknown fields", """
            apiVersion: v1
            kind: Config
            preferences: {colors: true, extensions: []}
            extensions: [{name: x, extension: {a: [1, 2]}}]
            future-field: {deep: [{er: 1}]}
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u, colour: red}}]
            clusters: [{name: c, cluster: {server: https://10.0.0.9:6443, shape: [round]}}]
            users: [{name: u, user: {token: unknown-fields, age: 3}}]
            """),
        new("proxy", Simple("token: proxy-token", "proxy-url: socks5://127.0.0.1:1080\n    disable-compression: true")),
        new("tls-server-name", Simple("token: t", "tls-server-name: kubernetes.default")),
        new("impersonation", Simple("token: t\n    as: alice\n    as-uid: u-1\n    as-groups: [dev, ops]\n    as-user-extra:\n      scopes: [view, edit]"), TheirsDiffers: "its extra values are single texts"),
        new("insecure", Simple("token: t", "insecure-skip-tls-verify: true")),
        new("address to listen on", Simple("token: t", server: "https://0.0.0.0:6550")),
        new("certificate and token", Simple($"token: both\n    client-certificate-data: {ClientData}\n    client-key-data: {ClientKeyData}", $"certificate-authority-data: {AuthorityData}")),
        new("context without user", "current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: https://10.0.0.9:6443}}]\n"),
        new("user without credentials", Simple("{}"), TheirsDiffers: "it wants credentials; kubectl is anonymous then"),
        new("null fields", Simple("token: nulls\n    client-certificate: null\n    client-key: ~\n    exec: null", "certificate-authority:\n    certificate-authority-data: ''")),
        new("port and path", Simple("token: t", server: "https://rancher.lan/k8s/clusters/c-m-abc")),
        new("certificate authority in several parts", Simple("token: t", $"certificate-authority-data: {Base64("# root\n" + Authority.ExportCertificatePem() + "\n" + OtherAuthority.ExportCertificatePem() + "\n")}")),
    ];

    public static string Simple(string user, string cluster = "", string server = "https://10.0.0.9:6443") => $$"""
        apiVersion: v1
        kind: Config
        current-context: lab
        contexts:
        - name: lab
          context: {cluster: lab, user: lab-user}
        clusters:
        - name: lab
          cluster:
            server: {{server}}
            {{cluster}}
        users:
        - name: lab-user
          user:
            {{user}}

        """;

    /// <summary>What the samples point to.</summary>
    public static string Write(TemporaryFolder folder, string text)
    {
        folder.Write("pki/ca.crt", Authority.ExportCertificatePem());
        folder.Write("pki/client.crt", Client.ExportCertificatePem());
        folder.Write("pki/client.key", ClientKeyPem);
        folder.Write("pki/token", "file-token\n");
        return folder.Write("config", text);
    }
}
