using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>Reads what nodes and pods use, beside what they asked for.</summary>
public static class UsageReader
{
    private const string MetricsGroup = "metrics.k8s.io";
    private const string KubeletSource = "kubelet";

    /// <summary>Gives nodes, then pods, as far as they are asked for.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Whose usage.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabUsage>> ReadAsync(
        ClusterClient client,
        UsageQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var nodeFilter = new ObjectFilter(new ObjectQuery { Names = query.Nodes });
        var podQuery = new ObjectQuery { Names = query.Pods, Namespaces = query.Namespaces };
        var podFilter = new ObjectFilter(podQuery);
        var (nodes, noNodes) = await ListAsync(client, ResourceType.Node, new ListQuery(), WireContext.Default.NodeWire, cancellationToken);
        if (noNodes is not null && query.WantsNodes)
        {
            throw noNodes;
        }

        // The requests of a node are those of all its pods, whichever pods are asked for.
        var (pods, noPods) = await ListAsync(client, ResourceType.Pod, query.WantsNodes ? new ListQuery() : podQuery.ToListQuery(), WireContext.Default.PodWire, cancellationToken);
        if (noPods is not null && query.WantsPods)
        {
            throw noPods;
        }

        if (noPods is not null)
        {
            yield return new VerboseNotice(Errors.Text("UsageWithoutRequests", client.Name));
        }

        var wantedNodes = query.WantsNodes ? nodes.FindAll(node => nodeFilter.Accepts("Node", "", node.Metadata.Name)) : [];
        var wantedPods = query.WantsPods ? pods.FindAll(pod => podFilter.Accepts("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name)) : [];
        foreach (var error in (query.WantsNodes ? nodeFilter.Missing(client.Name, "Node") : []).Concat(await podFilter.MissingAsync(client, "Pod", null, cancellationToken)))
        {
            yield return new FailureNotice(error);
        }

        if (wantedNodes.Count == 0 && wantedPods.Count == 0)
        {
            yield break;
        }

        var usage = await MeasuredUsage.ReadAsync(client, query, nodes, wantedNodes, wantedPods, cancellationToken);
        foreach (var notice in usage.Notices)
        {
            yield return notice;
        }

        foreach (var node in wantedNodes)
        {
            if (usage.Nodes.TryGetValue(node.Metadata.Name, out var measured))
            {
                yield return UsageMapper.Node(client.Name, node, measured, noPods is null ? pods : null, usage.Source);
            }
        }

        foreach (var pod in wantedPods)
        {
            if (usage.Pods.TryGetValue((pod.Metadata.Namespace ?? "", pod.Metadata.Name), out var measured))
            {
                yield return UsageMapper.Pod(client.Name, pod, measured, usage.Source);
            }
            else if (!usage.IsMissingNode(pod.Spec?.NodeName) && query.Pods.Any(name => !name.IsWildcard && name.Matches("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name)))
            {
                // One that was asked for by name is worth a word.
                yield return new WarningNotice(Errors.Text("UsageNotRunning", $"{pod.Metadata.Namespace}/{pod.Metadata.Name}", PodHealth.Of(pod).Status));
            }
        }
    }

    private static async Task<(List<T> Items, HomelabException? Refused)> ListAsync<T>(
        ClusterClient client,
        ResourceType type,
        ListQuery query,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> item,
        CancellationToken cancellationToken)
        where T : ObjectWire
    {
        var items = new List<T>();
        try
        {
            await foreach (var read in client.ListAsync(type, query, item, cancellationToken: cancellationToken))
            {
                items.Add(read);
            }

            return (items, null);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return (items, error);
        }
    }

    /// <summary>The figures of one source, by object.</summary>
    private sealed class MeasuredUsage
    {
        private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

        public Dictionary<string, Measurement> Nodes { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Namespace, string Name), Measurement> Pods { get; } = [];

        public List<Notice> Notices { get; } = [];

        public string Source { get; private set; } = MetricsGroup;

        public bool IsMissingNode(string? node) => node is not null && _missing.Contains(node);

        public static async Task<MeasuredUsage> ReadAsync(ClusterClient client, UsageQuery query, List<NodeWire> nodes, List<NodeWire> wantedNodes, List<PodWire> wantedPods, CancellationToken cancellationToken)
        {
            var usage = new MeasuredUsage();
            string why;
            try
            {
                var types = await client.Discovery.ResourcesAsync([MetricsGroup], cancellationToken);
                if (types.Count > 0)
                {
                    await usage.AddMetricsAsync(client, query, types.Select(type => type.Type).ToDictionary(type => type.Plural, StringComparer.Ordinal), cancellationToken);
                    return usage;
                }

                why = Errors.Text("Detail_MetricsMissing");
            }
            catch (HomelabException error) when (error.Kind is not ErrorKind.AuthenticationError and not ErrorKind.SecurityError)
            {
                // The metrics-server is registered but down, just starting, or closed to this user.
                why = Errors.Text("Detail_MetricsBroken", error.Message);
            }

            usage.Nodes.Clear();
            usage.Pods.Clear();
            await usage.AddKubeletsAsync(client, why, nodes, wantedNodes, wantedPods, cancellationToken);
            return usage;
        }

        private async Task AddMetricsAsync(ClusterClient client, UsageQuery query, Dictionary<string, ResourceType> types, CancellationToken cancellationToken)
        {
            if (query.WantsNodes && types.TryGetValue("nodes", out var ofNodes))
            {
                await foreach (var node in client.ListAsync(ofNodes, new ListQuery(), WireContext.Default.NodeMetricsWire, cancellationToken: cancellationToken))
                {
                    Nodes[node.Metadata.Name] = UsageMapper.Measure([node.Usage], node.Timestamp);
                }
            }

            if (query.WantsPods && types.TryGetValue("pods", out var ofPods))
            {
                var where = new ObjectQuery { Names = query.Pods, Namespaces = query.Namespaces }.ToListQuery() with { FieldSelector = null };
                await foreach (var pod in client.ListAsync(ofPods, where, WireContext.Default.PodMetricsWire, cancellationToken: cancellationToken))
                {
                    Pods[(pod.Metadata.Namespace ?? "", pod.Metadata.Name)] = UsageMapper.Measure(pod.Containers?.Select(container => container.Usage) ?? [], pod.Timestamp);
                }
            }
        }

        private async Task AddKubeletsAsync(ClusterClient client, string why, List<NodeWire> nodes, List<NodeWire> wantedNodes, List<PodWire> wantedPods, CancellationToken cancellationToken)
        {
            Source = KubeletSource;
            var capacities = nodes.ToDictionary(node => node.Metadata.Name, node => Quantity.Parse(node.Status?.Capacity?.GetValueOrDefault("cpu")), StringComparer.Ordinal);
            var asNodes = wantedNodes.Select(node => node.Metadata.Name).ToHashSet(StringComparer.Ordinal);
            var names = asNodes.Concat(wantedPods.Select(pod => pod.Spec?.NodeName ?? "").Where(name => name.Length > 0)).Distinct().ToArray();
            var kubelets = await Task.WhenAll(names.Select(async name =>
                (Name: name, Usage: await new KubeletUsage(client, name, capacities.GetValueOrDefault(name)).ReadAsync(asNodes.Contains(name), cancellationToken))));
            if (kubelets.Length > 0 && Array.TrueForAll(kubelets, kubelet => kubelet.Usage.Failure is not null))
            {
                var failure = kubelets[0].Usage.Failure!;
                throw Errors.UsageUnavailable(client.Name, why, failure.Kind == ErrorKind.PermissionDenied ? Errors.Text("Detail_NodeProxyForbidden") : failure.Message);
            }

            foreach (var (name, kubelet) in kubelets)
            {
                Notices.AddRange(kubelet.Notices);
                if (kubelet.Failure is { } failure)
                {
                    _missing.Add(name);
                    Notices.Add(new FailureNotice(failure.Id == nameof(Errors.UsageUnavailable) ? failure : Errors.UsageUnavailableNode(client.Name, name, failure.Message)));
                }

                if (kubelet.Node is { } measured)
                {
                    Nodes[name] = measured;
                }

                foreach (var (pod, ofPod) in kubelet.Pods)
                {
                    Pods[pod] = ofPod;
                }
            }
        }
    }
}
