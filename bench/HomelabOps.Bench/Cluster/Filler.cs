namespace HomelabOps.Bench.Cluster;

/// <summary>
/// Fills the server up to what is measured and takes it away again. Everything is in namespaces of the bench; what is
/// there already is left as it is, so that a run after one with --keep starts at once.
/// </summary>
internal sealed class Filler(ServerApi api, Action<string> say)
{
    private const string FluxNamespace = "bench-flux";
    public const string PodNamespace = "bench-pods";
    private const string MoreNamespace = "bench-more";
    private const string AppNamespace = "bench-apps";
    private const string Volumes = "api/v1/persistentvolumes";
    private const int Parallel = 12;

    public const string BlockedNamespace = "bench-blocked";

    public const string ReplicationNamespace = "bench-replication";

    public const string WatchedNamespace = "bench-watches";

    private static readonly string[] Namespaces = [FluxNamespace, BlockedNamespace, PodNamespace, MoreNamespace, AppNamespace, ReplicationNamespace, WatchedNamespace];

    public Task KustomizationsAsync(int count) => KustomizationsAsync(FluxNamespace, count, Documents.Kustomization, Documents.KustomizationStatus);

    /// <summary>Makes the server hold Kustomizations that wait for each other, and for one that is broken.</summary>
    public Task BlockedAsync(int count) => KustomizationsAsync(BlockedNamespace, count, Documents.Blocked, Documents.BlockedStatus);

    /// <summary>Makes the server hold so many ReplicationSources: pairs of Syncthings, and backups.</summary>
    public async Task ReplicationsAsync(int count)
    {
        const string Collection = $"apis/volsync.backube/v1alpha1/namespaces/{ReplicationNamespace}/replicationsources";
        if (!await api.ExistsAsync("apis/volsync.backube"))
        {
            throw new BenchException("The server does not know VolSync's kinds: install the CRDs of VolSync first.");
        }

        await EnsureNamespaceAsync(ReplicationNamespace);
        var list = (await api.GetAsync(Collection))["items"]!.AsArray();
        await FillAsync(
            Collection,
            count,
            [.. list.Where(item => item!["status"] is not null).Select(item => item!["metadata"]!["name"]!.GetValue<string>())],
            [.. list.Select(item => item!["metadata"]!["name"]!.GetValue<string>())],
            ReplicationDocuments.Name,
            ReplicationDocuments.Source,
            ReplicationDocuments.Status);
    }

    /// <summary>Makes room for an object that is watched.</summary>
    public Task WatchedAsync() => EnsureNamespaceAsync(WatchedNamespace);

    /// <summary>Makes the server hold so many pods of the bench, <paramref name="usual"/> of them in <see cref="PodNamespace"/>.</summary>
    public async Task PodsAsync(int usual, int all)
    {
        await PodsAsync(PodNamespace, usual);
        await PodsAsync(MoreNamespace, all - usual);
    }

    /// <summary>Makes the server hold so many applications, each a Deployment with its pods, a claim and the volume that it is bound to.</summary>
    public async Task AppsAsync(int count, int pods)
    {
        await EnsureNamespaceAsync(AppNamespace);
        await FillAsync(Volumes, count, await api.NamesAsync(Volumes, label: AppDocuments.Selector), AppDocuments.VolumeName, AppDocuments.Volume);
        const string Claims = $"api/v1/namespaces/{AppNamespace}/persistentvolumeclaims", Deployments = $"apis/apps/v1/namespaces/{AppNamespace}/deployments", Pods = $"api/v1/namespaces/{AppNamespace}/pods";
        await FillAsync(Claims, count, [], await api.NamesAsync(Claims), AppDocuments.Name, AppDocuments.Claim, _ => AppDocuments.ClaimStatus);
        var each = Math.Max(pods / Math.Max(count, 1), 1);
        await FillAsync(Deployments, count, await api.NamesAsync(Deployments), AppDocuments.Name, number => AppDocuments.Deployment(number, each));
        var owners = (await api.GetAsync(Deployments))["items"]!.AsArray().ToDictionary(item => item!["metadata"]!["name"]!.GetValue<string>(), item => item!["metadata"]!["uid"]!.GetValue<string>(), StringComparer.Ordinal);
        await FillAsync(
            Pods,
            count * each,
            await api.NamesAsync(Pods, "status.phase=Running"),
            await api.NamesAsync(Pods),
            Documents.PodName,
            number => AppDocuments.Pod(number, AppDocuments.Name(number / each), owners[AppDocuments.Name(number / each)]),
            Documents.PodStatus);
    }

    /// <summary>Pods on the server that are not the bench's: they are in every list too.</summary>
    public async Task<int> ForeignPodsAsync(int own) => (await api.NamesAsync("api/v1/pods", prefixed: true)).Count - own;

    public async Task RemoveAsync()
    {
        foreach (var space in Namespaces)
        {
            if (!await api.ExistsAsync($"api/v1/namespaces/{space}"))
            {
                continue;
            }

            say($"removing namespace {space}");
            if (space is PodNamespace or MoreNamespace or AppNamespace)
            {
                await EmptyAsync($"api/v1/namespaces/{space}/pods");
            }

            await api.DeleteAsync($"api/v1/namespaces/{space}");
        }

        // Volumes are in no namespace, and their claims are gone by now.
        await api.DeleteAsync($"{Volumes}?labelSelector={Uri.EscapeDataString(AppDocuments.Selector)}");
        foreach (var space in Namespaces)
        {
            for (var attempt = 0; attempt < 180 && await api.ExistsAsync($"api/v1/namespaces/{space}"); attempt++)
            {
                await Task.Delay(1000);
            }
        }
    }

    private async Task KustomizationsAsync(string space, int count, Func<int, string, string> document, Func<int, string> status)
    {
        const string Group = "kustomize.toolkit.fluxcd.io";
        if (!await api.ExistsAsync($"apis/{Group}"))
        {
            throw new BenchException("The server does not know Flux' Kustomizations: install the CRDs of Flux first.");
        }

        var version = (await api.GetAsync($"apis/{Group}"))["preferredVersion"]!["version"]!.GetValue<string>();
        await EnsureNamespaceAsync(space);
        var collection = $"apis/{Group}/{version}/namespaces/{space}/kustomizations";
        var list = (await api.GetAsync(collection))["items"]!.AsArray();
        var done = list.Where(item => item!["status"]?["history"] is not null).Select(item => item!["metadata"]!["name"]!.GetValue<string>());
        await FillAsync(
            collection,
            count,
            [.. done],
            [.. list.Select(item => item!["metadata"]!["name"]!.GetValue<string>())],
            Documents.KustomizationName,
            number => document(number, version),
            status);
    }

    private async Task PodsAsync(string space, int count)
    {
        if (count == 0)
        {
            if (await api.ExistsAsync($"api/v1/namespaces/{space}"))
            {
                await EmptyAsync($"api/v1/namespaces/{space}/pods");
            }

            return;
        }

        await EnsureNamespaceAsync(space);
        const string Owner = "sonarr-7d4f9c8b6d";
        await api.CreateAsync($"api/v1/namespaces/{space}/configmaps", $$$"""{"metadata":{"name":"{{{Owner}}}"}}""");
        var uid = (await api.GetAsync($"api/v1/namespaces/{space}/configmaps/{Owner}"))["metadata"]!["uid"]!.GetValue<string>();
        var collection = $"api/v1/namespaces/{space}/pods";
        await FillAsync(
            collection,
            count,
            await api.NamesAsync(collection, "status.phase=Running"),
            await api.NamesAsync(collection),
            Documents.PodName,
            number => Documents.Pod(number, uid),
            Documents.PodStatus);
    }

    private async Task EnsureNamespaceAsync(string space)
    {
        await api.CreateAsync("api/v1/namespaces", $$$"""{"metadata":{"name":"{{{space}}}"}}""");

        // A control plane without a controller manager makes no account, and without one the server takes no pod.
        await api.CreateAsync($"api/v1/namespaces/{space}/serviceaccounts", """{"metadata":{"name":"default"}}""");
    }

    // What has no status of its own.
    private Task FillAsync(string collection, int count, HashSet<string> present, Func<int, string> name, Func<int, string> document) =>
        FillAsync(collection, count, present, present, name, document, null);

    private async Task FillAsync(
        string collection,
        int count,
        HashSet<string> complete,
        HashSet<string> present,
        Func<int, string> name,
        Func<int, string> document,
        Func<int, string>? status)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel };
        var wanted = Enumerable.Range(0, count).ToDictionary(name, StringComparer.Ordinal);
        var surplus = present.Where(item => !wanted.ContainsKey(item)).ToList();
        var missing = wanted.Where(item => !complete.Contains(item.Key)).ToList();
        if (missing.Count + surplus.Count > 0)
        {
            say($"{collection}: {missing.Count} to make, {surplus.Count} too many");
        }

        await System.Threading.Tasks.Parallel.ForEachAsync(surplus, options, async (item, _) => await api.DeleteAsync($"{collection}/{item}?gracePeriodSeconds=0"));
        await System.Threading.Tasks.Parallel.ForEachAsync(missing, options, async (item, _) =>
        {
            if (!present.Contains(item.Key))
            {
                await api.CreateAsync(collection, document(item.Value));
            }

            if (status is not null)
            {
                await api.PatchAsync($"{collection}/{item.Key}/status", status(item.Value));
            }
        });
    }

    private async Task EmptyAsync(string collection)
    {
        while ((await api.NamesAsync(collection)).Count is > 0 and var left)
        {
            say($"{collection}: removing {left}");
            await api.DeleteAsync($"{collection}?limit=2000&gracePeriodSeconds=0&propagationPolicy=Background");
        }
    }
}
