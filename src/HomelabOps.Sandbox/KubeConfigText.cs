namespace HomelabOps.Sandbox;

/// <summary>The kubeconfig of a sandbox.</summary>
internal static class KubeConfigText
{
    // kubectl sends no token to a server without TLS; for it the secret is in the path.
    public static string Of(string context, Uri server, string token) => $"""
        apiVersion: v1
        kind: Config
        current-context: {context}
        clusters:
        - name: {context}
          cluster:
            server: {server.AbsoluteUri}
        users:
        - name: {context}
          user:
            token: {token}
        contexts:
        - name: {context}
          context:
            cluster: {context}
            user: {context}
            namespace: default

        """;
}
