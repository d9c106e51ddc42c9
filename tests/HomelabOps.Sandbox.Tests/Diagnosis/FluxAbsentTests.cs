using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>A cluster that was set up anew has nothing broken, and is not well.</summary>
public sealed class FluxAbsentTests
{
    private const string Reason = "FluxAbsent";
    private static readonly string[] Kinds = ["gitrepositories", "helmrepositories", "helmcharts", "ocirepositories", "buckets", "kustomizations", "helmreleases", "imagerepositories", "imagepolicies", "imageupdateautomations", "alerts", "providers", "receivers"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_whose_repository_has_Flux_follow_it_lacks_all_that_Git_says()
    {
        await using var homelab = await EmbeddedHomelab.StartFreshAsync(new SandboxOption { Apps = 2 }, Stop);
        var query = new HomelabTestQuery { Repository = homelab.RepositoryPath, Areas = [HomelabArea.Flux] };
        var finding = Assert.Single(await FindAsync(homelab, query));
        Assert.Equal((Reason, FindingSeverity.Error, "Namespace/flux-system"), (finding.Reason, finding.Severity, finding.Target!.ToString()));
        Assert.Contains("clusters/homelab/flux-system/gotk-sync.yaml", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Restore-HomelabCluster", finding.Remedy, StringComparison.Ordinal);

        // Whose repository is not known may have none, and who asks for an application does not ask for this.
        Assert.Empty(await FindAsync(homelab, query with { Repository = null }));
        Assert.Empty(await FindAsync(homelab, query with { Apps = [new ResourcePattern("sonarr")] }));
        Assert.Empty(await FindAsync(homelab, query with { Areas = [HomelabArea.Volume] }));
    }

    [Fact]
    public async Task Who_may_not_list_what_Flux_has_is_not_told_that_there_is_nothing()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 2 }, Stop);
        var query = new HomelabTestQuery { Repository = homelab.RepositoryPath, Areas = [HomelabArea.Flux] };
        Assert.Empty(await FindAsync(homelab, query));
        var denied = Kinds.Select(kind => homelab.WireFaults.Add(new WireFault(WireFaultKind.Forbidden) { Verb = "list", Resource = kind })).ToList();
        Assert.Empty(await FindAsync(homelab, query));
        denied.ForEach(fault => fault.Dispose());
    }

    private static async Task<List<HomelabFinding>> FindAsync(EmbeddedHomelab homelab, HomelabTestQuery query)
    {
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var found = new List<HomelabFinding>();
        await foreach (var item in HomelabTester.TestAsync(client, query, Stop))
        {
            found.AddRange(item.Value is { Reason: Reason } finding ? [finding] : []);
        }

        return found;
    }
}
