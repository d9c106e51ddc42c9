using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Tests.GitOps;
using HomelabOps.Core.Tests.GitOps.Effective;
using HomelabOps.Sandbox.Homelab;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Tests.Homelab;

/// <summary>What is written into the homelab's repository, as Flux and the repository index see it.</summary>
public sealed class HomelabManifestTests
{
    private static readonly string[] OfTheCluster = ["default", "kube-system"];

    public static TheoryData<int, int, int?> Sizes => new() { { 1, 3, null }, { 12, 3, null }, { 40, 5, 400 }, { 200, 200, 20_000 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Everything_is_in_order(int apps, int nodes, int? pods)
    {
        using var homelab = new SampleHomelab(new() { Apps = apps, Nodes = nodes, Pods = pods });
        Assert.Empty(homelab.Index.Problems);
        Assert.Empty(homelab.Index.Unreferenced);
        Assert.Equal(8, homelab.Index.FluxKustomizations.Count);
        Assert.All(homelab.Index.FluxKustomizations, flux => Assert.NotNull(flux.Folder));

        var kinds = new KindRegistry();
        var (custom, namespaces, seen) = (new HashSet<string>(), new HashSet<string>(OfTheCluster), new HashSet<string>());
        foreach (var item in homelab.Objects())
        {
            var key = SampleHomelab.Key(item);
            var kind = (string)item["kind"]!;
            var @namespace = (string?)item["metadata"]!["namespace"];
            Assert.True(seen.Add(key), $"twice: {key}");
            if (kind == "CustomResourceDefinition")
            {
                custom.UnionWith(((JsonArray)item["spec"]!["versions"]!).Select(version => $"{item["spec"]!["group"]}/{version!["name"]} {item["spec"]!["names"]!["kind"]}"));
            }

            if (kind == "Namespace")
            {
                Assert.True(namespaces.Add((string)item["metadata"]!["name"]!), key);
            }

            Assert.True(@namespace is null || namespaces.Contains(@namespace), $"before its namespace: {key}");
            Assert.True(kinds.FindKind((string)item["apiVersion"]!, kind) is not null || custom.Contains($"{item["apiVersion"]} {kind}"), $"unknown kind: {key}");
        }
    }

    [Fact]
    public void It_is_called_and_laid_out_as_the_runbook_says()
    {
        var files = new HomelabManifests(new HomelabPlan(new())).Files();
        foreach (var file in new[] { "cluster/infrastructure-storage.yaml", "flux-system/gotk-sync.yaml", "infrastructure/storage/pv-sonarr-primary.yaml", "apps/media/sonarr/deployment.yaml", "apps/database/postgres/statefulset.yaml" })
        {
            Assert.Contains($"clusters/homelab/{file}", files.Keys);
        }

        Assert.All(files.Values, text => Assert.EndsWith("\n", text, StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Value.Contains("${", StringComparison.Ordinal));
    }

    [Fact]
    public void Kubectl_builds_the_same()
    {
        Assert.SkipWhen(GitOpsSamples.Kubectl is null, "There is no kubectl 1.31 or later on PATH to compare with.");
        using var homelab = new SampleHomelab();
        foreach (var (flux, _) in homelab.Build())
        {
            var (output, error) = GitOpsSamples.Kustomize(homelab.Files.Display(flux.Folder!));
            Assert.Null(error);
            GitOpsSamples.AssertSame(output, KustomizeBuild.Run(homelab.Files, flux.Folder!).Objects);
        }
    }

    [Fact]
    public void Helm_gives_charts_the_same_values()
    {
        Assert.SkipWhen(HelmOracle.Program is null, HelmOracle.Absent);
        using var homelab = new SampleHomelab(new() { Apps = 60 });
        var view = ManifestView.Read(homelab.Files, []);
        var releases = view.Apps.Where(app => app.IsRelease).ToList();
        Assert.NotEmpty(releases);
        HelmOracle.Compare(releases.Select(app => (app.Object, view.Content(app), app.Node.Objects.Select(item => item.Content).ToList())));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(60, 7)]
    public void The_two_sides_of_a_pair_know_each_other(int apps, int seed)
    {
        using var homelab = new SampleHomelab(new() { Apps = apps, Seed = seed });
        var sources = homelab.Objects().Where(item => (string)item["kind"]! == "ReplicationSource" && item["spec"]!["syncthing"] is not null).ToDictionary(NameOf);
        Assert.NotEmpty(sources);
        foreach (var (name, source) in sources)
        {
            var (app, role) = (name[..name.LastIndexOf('-')], name[(name.LastIndexOf('-') + 1)..]);
            var partner = $"{app}-{(role == "primary" ? "backup" : "primary")}";
            var @namespace = (string)source["metadata"]!["namespace"]!;
            var peer = Assert.Single((JsonArray)source["spec"]!["syncthing"]!["peers"]!)!;
            Assert.Contains(partner, sources.Keys);
            Assert.Equal(SyncthingIdentity.Of(seed, @namespace, partner), (string?)peer["ID"]);
            Assert.Equal($"tcp://{homelab.Plan.Addresses.Find(@namespace, $"volsync-{partner}-data")}:22000", (string?)peer["address"]);
        }

        Assert.Equal(sources.Count, sources.Values.Select(source => (string?)source["spec"]!["syncthing"]!["peers"]![0]!["address"]).Distinct().Count());
    }

    [Fact]
    public void Every_claim_has_the_volume_that_waits_for_it()
    {
        using var homelab = new SampleHomelab(new() { Apps = 40 });
        var objects = homelab.Objects();
        var volumes = objects.Where(item => (string)item["kind"]! == "PersistentVolume").ToDictionary(NameOf);
        var claims = objects.Where(item => (string)item["kind"]! == "PersistentVolumeClaim").ToArray();
        Assert.Equal(80, claims.Length);
        Assert.All(claims, claim =>
        {
            var volume = volumes[(string)claim["spec"]!["volumeName"]!];
            Assert.Equal((NameOf(claim), (string?)claim["metadata"]!["namespace"]), ((string)volume["spec"]!["claimRef"]!["name"]!, (string?)volume["spec"]!["claimRef"]!["namespace"]));
            Assert.Equal((string?)claim["spec"]!["resources"]!["requests"]!["storage"], (string?)volume["spec"]!["capacity"]!["storage"]);
        });
        var movers = objects.Where(item => (string)item["kind"]! == "ReplicationSource" && item["spec"]!["syncthing"] is not null).Select(NameOf);
        Assert.All(movers, mover => Assert.Contains($"pv-volsync-{mover}-config", volumes.Keys));
    }

    [Theory]
    [InlineData(12, 3, 500)]
    [InlineData(30, 20, 2_000)]
    public void The_pods_that_stay_are_as_many_as_were_asked_for(int apps, int nodes, int pods)
    {
        using var homelab = new SampleHomelab(new() { Apps = apps, Nodes = nodes, Pods = pods });
        var count = homelab.Objects().Concat(ClusterObjects.Of(homelab.Plan)).Sum(item => ((string)item["kind"]!, item["spec"]) switch
        {
            ("Deployment" or "StatefulSet", { } spec) => (long?)spec["replicas"] ?? 1,
            ("DaemonSet", _) => nodes,
            ("ReplicationSource", { } spec) when spec["syncthing"] is not null => 1,
            ("ReplicationDestination", _) => 1,
            _ => 0,
        });
        Assert.Equal(pods, count);
    }

    [Fact]
    public void Another_seed_gives_other_names_and_identities()
    {
        var (one, other) = (AppCatalog.Take(60, 1), AppCatalog.Take(60, 2));
        Assert.Equal(one, AppCatalog.Take(60, 1));
        Assert.NotEqual(one.Select(app => app.Name), other.Select(app => app.Name));
        Assert.Equal(300, AppCatalog.Take(300, 3).Select(app => app.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 3, null)]
    [InlineData(301, 3, null)]
    [InlineData(1, 2, null)]
    [InlineData(1, 201, null)]
    [InlineData(1, 3, 20_001)]
    public void Options_out_of_range_are_refused(int apps, int nodes, int? pods) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HomelabPlan(new() { Apps = apps, Nodes = nodes, Pods = pods }));

    private static string NameOf(JsonObject item) => (string)item["metadata"]!["name"]!;
}
