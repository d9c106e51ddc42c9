using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>What of the API a path names.</summary>
internal sealed record RequestTarget(ResourceKind Kind, KindVersion Version, string? Namespace, string? Name, string? Subresource, string Rest)
{
    /// <summary>
    /// Reads the segments behind /api/v1 or /apis/group/version. Null when no such resource is served; a namespace may
    /// stand before a cluster-wide resource nowhere.
    /// </summary>
    public static RequestTarget? Parse(KindRegistry kinds, string group, string version, ReadOnlySpan<string> segments)
    {
        string? @namespace = null;
        if (segments.Length > 2 && segments[0] == "namespaces" && !(group.Length == 0 && segments[2] is "status" or "finalize"))
        {
            @namespace = segments[1];
            segments = segments[2..];
        }

        if (segments.Length == 0 || kinds.Find(group, version, segments[0]) is not { } found)
        {
            return null;
        }

        if ((found.Kind.Namespaced && @namespace is null && segments.Length > 1) || (!found.Kind.Namespaced && @namespace is not null))
        {
            return null;
        }

        var subresource = segments.Length > 2 ? segments[2] : null;
        if (subresource is not null && !found.Kind.Subresources.Contains(subresource, StringComparer.Ordinal))
        {
            return null;
        }

        return new(found.Kind, found.Version, @namespace, segments.Length > 1 ? segments[1] : null, subresource, segments.Length > 3 ? string.Join('/', segments[3..].ToArray()) : "");
    }

    public Store.ObjectKey Key(string name) => new(Namespace ?? "", name);
}
