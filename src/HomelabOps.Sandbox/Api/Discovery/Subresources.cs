using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>The subresources of a kind, as discovery tells them.</summary>
internal static class Subresources
{
    private static readonly string[] Change = ["get", "patch", "update"];
    private static readonly string[] Create = ["create"];
    private static readonly string[] Connect = ["create", "get"];
    private static readonly string[] Proxy = ["create", "delete", "get", "patch", "update"];

    public static IEnumerable<Entry> Of(ResourceKind kind, KindVersion version) => kind.Subresources
        .Where(name => !kind.IsCustom || (name == "status" ? version.HasStatus : name != "scale" || version.Scale is not null))
        .Order(StringComparer.Ordinal)
        .Select(name => name switch
        {
            "scale" => new Entry(name, "Scale", Change, "autoscaling", "v1"),
            "eviction" => new Entry(name, "Eviction", Create, "policy", "v1"),
            "binding" => new Entry(name, "Binding", Create),
            "token" => new Entry(name, "TokenRequest", Create, "authentication.k8s.io", "v1"),
            "log" => new Entry(name, kind.Kind, ["get"]),
            "finalize" => new Entry(name, kind.Kind, ["update"]),
            "exec" => new Entry(name, "PodExecOptions", Connect),
            "attach" => new Entry(name, "PodAttachOptions", Connect),
            "portforward" => new Entry(name, "PodPortForwardOptions", Connect),
            "proxy" => new Entry(name, kind.Kind + "ProxyOptions", Proxy),
            _ => new Entry(name, kind.Kind, Change),
        });

    /// <param name="Name">The last segment of the path.</param>
    /// <param name="Kind">The kind it takes or gives.</param>
    /// <param name="Verbs">What can be done.</param>
    /// <param name="Group">The group of that kind when it is another one.</param>
    /// <param name="Version">The version of that kind when it is another one.</param>
    internal sealed record Entry(string Name, string Kind, string[] Verbs, string? Group = null, string? Version = null);
}
