using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Where objects of a kind are, from what the server serves.</summary>
internal sealed class ServedTypes(ClusterClient client)
{
    /// <summary>The type of a kind in a version; null when the server does not serve it.</summary>
    public async Task<ResourceType?> FindAsync(string group, string version, string kind, CancellationToken cancellationToken)
    {
        var type = await FindAsync(group, kind, cancellationToken);
        if (type is null && await client.Discovery.ForgetAsync(cancellationToken))
        {
            type = await FindAsync(group, kind, cancellationToken);
        }

        return type is null ? null : type with { Version = version };
    }

    /// <summary>Types may have been defined or removed.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => client.Discovery.ForgetAsync(cancellationToken);

    private async Task<ResourceType?> FindAsync(string group, string kind, CancellationToken cancellationToken) =>
        (await client.Discovery.ResourcesAsync([group], cancellationToken)).FirstOrDefault(type => type.Group == group && type.Kind == kind)?.Type;
}
