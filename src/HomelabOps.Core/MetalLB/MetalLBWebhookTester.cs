using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.MetalLB;

/// <summary>Reads and judges the webhooks of MetalLB.</summary>
internal static class MetalLBWebhookTester
{
    /// <summary>Gives one record for each MetalLB, and one for each namespace that was named in full.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="namespaces">Where MetalLB is, with wildcards; empty for where the settings say, else for where it is found.</param>
    /// <param name="config">The settings of the homelab.</param>
    /// <param name="applier">What applies an object from Git; it is given the object's labels as well.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<MetalLBWebhookStatus>> TestAsync(
        ClusterClient client,
        IReadOnlyList<string> namespaces,
        HomelabConfig config,
        Func<ObjectKey, IReadOnlyDictionary<string, string>, CancellationToken, Task<ResourceReference?>> applier,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var facts in await ReadAsync(client, namespaces, config, cancellationToken))
        {
            foreach (var notice in facts.Notices)
            {
                yield return notice;
            }

            if (namespaces.Count > 0 && facts.NamespaceExists == false)
            {
                yield return new FailureNotice(Errors.ObjectNotFound(client.Name, ResourceType.Namespace.Kind, "namespace", facts.Namespace, null));
                continue;
            }

            var owner = facts.Secret is { } secret ? await applier(new("", MetalLBTypes.Secret.Kind, facts.Namespace, secret.Name), secret.Labels, cancellationToken) : null;
            yield return MetalLBWebhookJudge.Judge(facts with { Applier = owner }, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>What is known of each.</summary>
    public static async Task<IReadOnlyList<MetalLBWebhookFacts>> ReadAsync(ClusterClient client, IReadOnlyList<string> namespaces, HomelabConfig config, CancellationToken cancellationToken)
    {
        if (namespaces.Count > 0)
        {
            var (patterns, literal) = (namespaces.Where(ResourcePattern.HasWildcard).ToList(), namespaces.Where(name => !ResourcePattern.HasWildcard(name)).Select(name => name.ToLowerInvariant()));
            var matched = patterns.Count == 0 ? [] : await MetalLBWebhookReader.NamespacesAsync(client, new ObjectQuery { Namespaces = patterns }, cancellationToken);
            return await Task.WhenAll(literal.Concat(matched).Distinct(StringComparer.Ordinal).Select(name => MetalLBWebhookReader.ReadAsync(client, name, cancellationToken)));
        }

        var usual = await MetalLBWebhookReader.ReadAsync(client, config.MetalLBNamespace, cancellationToken);
        if (usual.Controller is not null)
        {
            return [usual];
        }

        var elsewhere = await TryFindAsync(client, cancellationToken);
        return elsewhere.Count == 0 ? [usual] : await Task.WhenAll(elsewhere.Select(name => MetalLBWebhookReader.ReadAsync(client, name, cancellationToken)));
    }

    private static async Task<IReadOnlyList<string>> TryFindAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await MetalLBWebhookReader.NamespacesAsync(client, new ObjectQuery(), cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            // It was not asked for: that it is not where it should be is told all the same.
            return [];
        }
    }
}
