namespace HomelabOps.Core.Kubernetes;

/// <summary>A type of objects as the API server serves it.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version to use.</param>
/// <param name="Plural">Name in paths, such as <c>pods</c>.</param>
/// <param name="Kind">Kind in manifests, such as <c>Pod</c>.</param>
/// <param name="Namespaced">Objects live in namespaces.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    /// <summary>Pods.</summary>
    public static ResourceType Pod { get; } = new("", "v1", "pods", "Pod", true);

    /// <summary>Nodes.</summary>
    public static ResourceType Node { get; } = new("", "v1", "nodes", "Node", false);

    /// <summary>Namespaces.</summary>
    public static ResourceType Namespace { get; } = new("", "v1", "namespaces", "Namespace", false);

    /// <summary>Events of the core group, which also holds those written through events.k8s.io.</summary>
    public static ResourceType Event { get; } = new("", "v1", "events", "Event", true);

    /// <summary>Definitions of custom types.</summary>
    public static ResourceType CustomResourceDefinition { get; } =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false);

    /// <summary>Jobs.</summary>
    public static ResourceType Job { get; } = new("batch", "v1", "jobs", "Job", true);

    /// <summary><c>apiVersion</c> as in a manifest.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Plural and group as in access rules: <c>kustomizations.kustomize.toolkit.fluxcd.io</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>
    /// Whether something can be a part of a path, and so be called so: an address with <c>..</c> in it would be
    /// shortened, and lead to something else.
    /// </summary>
    /// <param name="name">A name or a namespace as typed.</param>
    internal static bool CanBeNamed(string name) => name is not ("" or "." or "..") && name.AsSpan().IndexOfAny('/', '\\', '%') < 0;

    /// <summary>Path of the objects below the server's address, without a leading slash.</summary>
    /// <param name="namespace">Namespace; null or empty for all, or for cluster-scoped types.</param>
    /// <param name="name">Name of one object; null for the collection.</param>
    public string Path(string? @namespace = null, string? name = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        var scope = Namespaced && !string.IsNullOrEmpty(@namespace) ? $"/namespaces/{Uri.EscapeDataString(@namespace)}" : "";
        var item = name is null ? "" : $"/{Uri.EscapeDataString(name)}";
        return $"{root}{scope}/{Plural}{item}";
    }
}
