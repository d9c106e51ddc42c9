using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Recovery;

/// <summary>Reads a cluster and its repository for the gates, all kinds at the same time. Of Secrets and ConfigMaps only the metadata is read.</summary>
/// <param name="client">The cluster.</param>
/// <param name="config">Its settings.</param>
internal sealed class RecoveryReader(ClusterClient client, HomelabConfig config)
{
    private const int AtOnce = 6;

    /// <summary>Reads all of it.</summary>
    /// <param name="location">The repository; null where none is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RecoveryFacts> ReadAsync(RepositoryLocation? location, CancellationToken cancellationToken)
    {
        var git = GitAsync(location, cancellationToken);

        // What is remembered for minutes may lack the kinds of what was installed since.
        await client.Discovery.ForgetAsync(cancellationToken);
        var (items, denied) = (new ConcurrentDictionary<(string Group, string Kind), IReadOnlyList<LiveItem>>(), new ConcurrentBag<ResourceType>());
        var types = (await client.Discovery.AllAsync(cancellationToken)).Where(type => type.Verbs.Contains("list") && type.Verbs.Contains("create") && RecoveryKinds.IsMade(type.Group, type.Kind)).Select(type => type.Type).DistinctBy(type => (type.Group, type.Kind));
        await Parallel.ForEachAsync(types, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (type, stop) =>
        {
            try
            {
                items[(type.Group, type.Kind)] = await ListAsync(type, stop);
            }
            catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
            {
                denied.Add(type);
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.ResourceTypeNotServed))
            {
                // Its definition has gone meanwhile, and its objects with it.
            }
        });
        var images = await ImagesAsync(denied, cancellationToken);
        var (content, trouble) = await git;
        return new()
        {
            Config = config,
            Git = content,
            GitTrouble = trouble,
            Items = items,
            Denied = [.. denied.OrderBy(type => type.QualifiedName, StringComparer.Ordinal)],
            Applied = items.GetValueOrDefault(RecoveryKinds.Kustomization, []).SelectMany(item => FluxInventory.Of(item.Json) ?? []).ToHashSet(),
            Webhook = await WebhookAsync(cancellationToken),
            Keys = await KnownKeys.FindAsync([.. (content?.Encrypted ?? []).SelectMany(file => file.Keys).Distinct(StringComparer.Ordinal)], cancellationToken),
            LostImages = images,
        };
    }

    private async Task<List<LiveItem>> ListAsync(ResourceType type, CancellationToken cancellationToken)
    {
        var found = new List<LiveItem>();
        var accept = RecoveryKinds.IsWhole(type.Group, type.Kind) ? "application/json" : NameReader.MetadataOnly;
        await foreach (var item in client.ListAsync(type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, accept: accept, cancellationToken: cancellationToken))
        {
            found.Add(new(new(type.Group, type.Kind, item.Metadata.Namespace ?? "", item.Metadata.Name), item.Json));
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> ImagesAsync(ConcurrentBag<ResourceType> denied, CancellationToken cancellationToken)
    {
        try
        {
            return await LostImages.ReadAsync(client, cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            denied.Add(ResourceType.Pod);
            return [];
        }
    }

    private static async Task<(GitContent? Content, string Trouble)> GitAsync(RepositoryLocation? location, CancellationToken cancellationToken)
    {
        try
        {
            return location is null ? (null, Errors.Text("RepositoryRequired")) : (await GitContent.ReadAsync(location, cancellationToken), "");
        }
        catch (HomelabException error)
        {
            return (null, error.Message);
        }
    }

    private async Task<MetalLBWebhookStatus?> WebhookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in MetalLBWebhookTester.TestAsync(client, [], config, (key, labels, stop) => FluxApplier.FindAsync(client, key, labels, stop), cancellationToken))
            {
                if (item.Value is { } status)
                {
                    return status;
                }
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            // The gate of what may not be read says so.
        }

        return null;
    }
}
