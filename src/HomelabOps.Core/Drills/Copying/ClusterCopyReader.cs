using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>Reads what a cluster is copied from. It lists, and asks for nothing else.</summary>
internal static class ClusterCopyReader
{
    private const int AtOnce = 6;

    /// <summary>Reads all objects of all kinds that may be read.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">The cluster cannot be reached; or AccessDenied, where not even its nodes may be listed.</exception>
    public static async Task<ClusterCopy> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var (kinds, unread, unknown) = (new ConcurrentBag<CopiedKind>(), new ConcurrentBag<HomelabException>(), (IReadOnlyList<string>)[]);
        var types = (await client.Discovery.AllAsync(cancellationToken)).Where(CopySelection.Wants).Select(type => type.Type).ToList();
        await Parallel.ForEachAsync(types, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (type, stop) =>
        {
            try
            {
                if (type.QualifiedName == "secrets")
                {
                    (var outlines, unknown) = await SecretOutlines.ReadAsync(client, stop);
                    kinds.Add(new(type, outlines));
                }
                else
                {
                    kinds.Add(new(type, await ListAsync(client, type, stop)));
                }
            }
            catch (HomelabException error) when (type != ResourceType.Node && error.Kind is not (ErrorKind.AuthenticationError or ErrorKind.ConnectionError or ErrorKind.OperationTimeout))
            {
                unread.Add(error);
            }
        });
        return new()
        {
            Cluster = client.Name,
            Kinds = CopySelection.Of([.. kinds.OrderBy(kind => kind.Type.QualifiedName, StringComparer.Ordinal)]),
            UnknownKeys = unknown,
            Unread = [.. unread.OrderBy(error => error.Message, StringComparer.Ordinal)],
        };
    }

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(ClusterClient client, ResourceType type, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        await foreach (var item in client.ListAsync(type, new(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            item.Json["apiVersion"] = type.ApiVersion;
            item.Json["kind"] = type.Kind;
            found.Add(item.Json);
        }

        return found;
    }
}
