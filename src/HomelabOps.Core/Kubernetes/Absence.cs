using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Tells what is not there from what merely has nothing to show: a namespace without pods is no mistake.</summary>
internal static class Absence
{
    /// <summary>An error for each object that does not exist. Asks the server for each, and says nothing where it may not be asked.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="type">A type without namespaces.</param>
    /// <param name="noun">What users call it.</param>
    /// <param name="names">Literal names.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<IReadOnlyList<HomelabException>> OfAsync(ClusterClient client, ResourceType type, string noun, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var absent = new List<HomelabException>();
        foreach (var name in names)
        {
            if (await IsAbsentAsync(client, type, null, name.ToLowerInvariant(), cancellationToken))
            {
                absent.Add(Errors.ObjectNotFound(client.Name, type.Kind, noun, name, null));
            }
        }

        return absent;
    }

    /// <summary>Whether the server says that there is no such object.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="type">Its type.</param>
    /// <param name="namespace">Its namespace; null or empty for any, and for types without.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<bool> IsAbsentAsync(ClusterClient client, ResourceType type, string? @namespace, string name, CancellationToken cancellationToken)
    {
        if (!ResourceType.CanBeNamed(name) || (!string.IsNullOrEmpty(@namespace) && !ResourceType.CanBeNamed(@namespace)))
        {
            return true;
        }

        try
        {
            if (type.Namespaced && string.IsNullOrEmpty(@namespace))
            {
                var query = new ObjectQuery { Names = [new ResourcePattern(name)] }.ToListQuery();
                await foreach (var _ in client.ListAsync(type, query, WireContext.Default.PartialObjectWire, accept: NameReader.MetadataOnly, cancellationToken: cancellationToken))
                {
                    return false;
                }

                return true;
            }

            return await client.FindAsync(type, @namespace, name, WireContext.Default.PartialObjectWire, cancellationToken) is null;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return false;
        }
    }
}
