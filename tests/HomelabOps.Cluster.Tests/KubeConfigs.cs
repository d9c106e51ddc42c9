namespace HomelabOps.Cluster.Tests;

/// <summary>Texts of kubeconfigs.</summary>
internal static class KubeConfigs
{
    /// <summary>One context <c>one</c>. What is given for cluster and user are lines of YAML.</summary>
    public static string Of(string server, string cluster = "", string user = "", string contextUser = "u") =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: one
        contexts:
        - name: one
          context:
            cluster: c
            user: {contextUser}
        clusters:
        - name: c
          cluster:
            server: {server}
            {cluster}
        users:
        - name: u
          user:
            {(user.Length == 0 ? "{}" : user)}

        """;

    /// <summary>Contexts of the lab's administrator under the given names, and those that lead to a closed port.</summary>
    public static string WithDead(IEnumerable<string> alive, IEnumerable<string> dead)
    {
        var contexts = alive.Select(name => $"- {{ name: {name}, context: {{ cluster: lab, user: u }} }}")
            .Concat(dead.Select(name => $"- {{ name: {name}, context: {{ cluster: dead, user: u }} }}"));
        return $$"""
            apiVersion: v1
            kind: Config
            current-context: {{alive.First()}}
            contexts:
            {{string.Join('\n', contexts)}}
            clusters:
            - name: lab
              cluster:
                server: {{Lab.Field("server")}}
                certificate-authority: {{Lab.Field("certificate-authority")}}
            - name: dead
              cluster:
                server: https://127.0.0.1:{{LoopbackServer.ClosedPort()}}
            users:
            - name: u
              user:
                token: {{Lab.Field("token")}}

            """;
    }
}
