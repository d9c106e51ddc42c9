using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Operations;
using HomelabOps.Sandbox.Copying;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Drills;

/// <summary>A homelab that is copied and rehearsed on, while nothing happens to it.</summary>
public sealed class CopyTests(CopyTests.Original original) : IClassFixture<CopyTests.Original>
{
    private static readonly ResourceType Secret = new("", "v1", "secrets", "Secret", true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_fails_over_and_comes_home_in_a_copy_and_the_original_is_only_read()
    {
        using var reading = original.Client(out var asked);
        var tips = original.References();
        var plan = await PlanAsync(reading, "sonarr");
        Assert.Equal([("media/sonarr", "k3s-w1")], plan.Drills.Select(drill => (drill.App, drill.Node)));

        await using var copy = await HomelabCopy.StartAsync(plan, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([copy.KubeConfigPath]), null));
        var result = await RunAsync(new CopyGround(copy, client), plan.Drills);
        Assert.Equal("", result.Message);
        Assert.Equal(("ManualFailover", "k3s-w1", "media/sonarr", true), (result.Scenario, result.Target, result.App, result.Passed));
        Assert.Empty(copy.Cluster.Host.Faults);

        Assert.Equal([HttpMethod.Get], asked.Distinct());
        Assert.Equal(tips, original.References());
        using var clone = new Repository(copy.RepositoryPath);
        Assert.NotEqual(original.Tip, clone.Head.Tip.Sha);
        Assert.All(Directory.EnumerateFiles(Path.GetDirectoryName(copy.RepositoryPath)!, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Name is "config" or "FETCH_HEAD"), file =>
            Assert.DoesNotContain(original.Homelab.RepositoryPath, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Objects_are_as_they_were_and_values_of_Secrets_are_not_there()
    {
        using var reading = original.Client(out _);
        var source = await ClusterCopyReader.ReadAsync(reading, Stop);
        Assert.Empty(source.Unread);
        Assert.NotEmpty(source.Of("", "Secret"));
        Assert.DoesNotContain(source.Kinds, kind => kind.Type.Kind is "Event" or "Lease");

        var plan = await PlanAsync(reading, "sonarr");
        await using var copy = await HomelabCopy.StartAsync(plan, Stop);
        foreach (var (group, kind) in new[] { ("", "PersistentVolumeClaim"), ("apps", "Deployment"), ("volsync.backube", "ReplicationSource") })
        {
            // What was just being bound may be elsewhere by now.
            foreach (var item in source.Of(group, kind).Where(item => kind != "PersistentVolumeClaim" || (string?)item["status"]?["phase"] == "Bound"))
            {
                var type = source.Kinds.First(each => each.Type.Group == group && each.Type.Kind == kind).Type;
                var copied = await copy.Cluster.Client.FindObjectAsync(type, (string)item["metadata"]!["namespace"]!, (string)item["metadata"]!["name"]!, Stop);
                Assert.Equal((string?)item["metadata"]!["uid"], (string?)copied?["metadata"]?["uid"]);
                Assert.True(JsonNode.DeepEquals(item["spec"], copied!["spec"]), $"{kind} {item["metadata"]!["name"]}");
            }
        }

        var found = new List<(string Key, string? Value)>();
        await foreach (var item in copy.Cluster.Client.ListAsync(Secret, new(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Stop))
        {
            found.AddRange((item.Json["data"] as JsonObject ?? []).Select(field => ($"{item.Metadata.Namespace}/{item.Metadata.Name}/{field.Key}", (string?)field.Value)));
        }

        var real = new HashSet<(string, string?)>();
        await foreach (var item in reading.ListAsync(Secret, new(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Stop))
        {
            real.UnionWith((item.Json["data"] as JsonObject ?? []).Where(field => ((string?)field.Value)?.Length > 0).Select(field => ($"{item.Metadata.Namespace}/{item.Metadata.Name}/{field.Key}", (string?)field.Value)));
        }

        Assert.Contains(found, field => field.Key.EndsWith("/RESTIC_PASSWORD", StringComparison.Ordinal));
        Assert.DoesNotContain(found, field => real.Contains(field) && !field.Key.EndsWith("/username", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_rehearsed_is_said()
    {
        using var reading = original.Client(out _);
        Assert.Equal("DrillNothingToRehearse", (await Assert.ThrowsAsync<HomelabException>(() => PlanAsync(reading, "no-such-app-*"))).Id);
        var cluster = await ClusterCopyReader.ReadAsync(reading, Stop);
        foreach (var ready in cluster.Of("", "Node").SelectMany(node => node["status"]!["conditions"]!.AsArray()).Where(condition => (string?)condition!["type"] == "Ready"))
        {
            ready!["status"] = "Unknown";
        }

        var off = await Assert.ThrowsAsync<HomelabException>(() => CopyDrills.FindAsync(Options(reading), cluster, CopyDrills.Scenarios([]), [new ResourcePattern("sonarr")], Stop));
        Assert.Contains(Errors.Text("DrillCopyNodeOff", "Deployment/media/sonarr", "k3s-w1"), off.Message, StringComparison.Ordinal);
        Assert.Equal("DrillNotOnCopy", Assert.Throws<HomelabException>(() => CopyDrills.Scenarios(["Nfs*"])).Id);
        Assert.Equal(["ManualFailover"], CopyDrills.Scenarios([]).Select(scenario => scenario.Name));

        var other = Directory.CreateTempSubdirectory("homelabops-other-").FullName;
        try
        {
            Repository.Init(other);
            using (var git = new Repository(other))
            {
                var author = new Signature("a", "a@home.arpa", DateTimeOffset.Now);
                git.Commit("Nothing", author, author, new CommitOptions { AllowEmptyCommit = true });
            }

            Assert.Equal("DrillCopyOtherRepository", (await Assert.ThrowsAsync<HomelabException>(() => PlanAsync(reading, "sonarr", other))).Id);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task Whoever_breaks_off_leaves_nothing_behind()
    {
        using var reading = original.Client(out _);
        var plan = await PlanAsync(reading, "sonarr");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var starting = HomelabCopy.StartAsync(plan, stop.Token);
        while (!HasCopies() && !starting.IsCompleted)
        {
            await Task.Delay(5, Stop);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.False(HasCopies());
    }

    [Fact(Explicit = true)]
    public async Task All_applications_that_have_a_copy_are_rehearsed()
    {
        using var reading = original.Client(out _);
        var plan = await PlanAsync(reading, "*");
        await using var copy = await HomelabCopy.StartAsync(plan, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([copy.KubeConfigPath]), null));
        var results = await RunAllAsync(new CopyGround(copy, client), plan.Drills);

        // The one whose copies go one way only says so.
        Assert.Equal(["media/prowlarr"], results.Where(result => !result.Passed).Select(result => result.App));
        Assert.Contains("ReversePath", results.First(result => !result.Passed).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(results, result => result.App is "database/postgres" or "media/sabnzbd");
    }

    // Of this homelab: other tests copy others at the same time.
    private bool HasCopies() => Directory.EnumerateDirectories(RuntimeFile.DefaultFolder, $"sandbox-{Environment.ProcessId}-*").Any(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "homelab.git", "refs", "heads", "main")).Trim() == original.Tip;
        }
        catch (IOException)
        {
            return false;
        }
    });

    private Task<CopyPlan> PlanAsync(ClusterClient client, string app, string? repository = null) =>
        CopyPlan.MakeAsync(Options(client, repository), CopyDrills.Scenarios([]), [new ResourcePattern(app)], Stop);

    private FailoverOptions Options(ClusterClient client, string? repository = null) =>
        new() { Client = client, Config = new(), Repository = RepositoryLocation.OfFolder(repository ?? original.Homelab.RepositoryPath), Journal = new ChangeJournal(original.Folder) };

    private static async Task<DrillResult> RunAsync(CopyGround ground, IReadOnlyList<DrillScenario> drills) => (await RunAllAsync(ground, drills)).Single();

    private static async Task<List<DrillResult>> RunAllAsync(CopyGround ground, IReadOnlyList<DrillScenario> drills)
    {
        var results = new List<DrillResult>();
        await foreach (var item in new DrillRunner(ground).RunAsync(drills, Stop))
        {
            if (item.Value is { } result)
            {
                results.Add(result);
                TestContext.Current.TestOutputHelper?.WriteLine($"{result} {result.App} {result.Duration.TotalSeconds:0.0}s {string.Join(", ", result.Steps.Select(step => $"{step.Name} {step.Duration!.Value.TotalSeconds:0.0} {step.Message}"))} {result.Message}");
            }
        }

        return results;
    }

    /// <summary>The homelab that is copied.</summary>
    public sealed class Original : IAsyncLifetime
    {
        internal EmbeddedHomelab Homelab { get; private set; } = null!;

        internal string Folder { get; } = Directory.CreateTempSubdirectory("homelabops-original-").FullName;

        internal string Tip => Homelab.Repository.Tip();

        public async ValueTask InitializeAsync() => Homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 11 }, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Homelab.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }

        // As the network carries it, with what was asked.
        internal ClusterClient Client(out ConcurrentQueue<HttpMethod> asked)
        {
            var endpoint = ClusterEndpoint.Resolve(KubeConfig.Load([Homelab.KubeConfigPath]), null);
            asked = [];
            return new ClusterClient(endpoint, new Recording(HttpHandlerFactory.Create(endpoint), asked));
        }

        internal IReadOnlyList<string> References()
        {
            var found = new List<string>();
            foreach (var path in new[] { Homelab.RepositoryPath, Homelab.Repository.RemotePath })
            {
                using var git = new Repository(path);
                found.AddRange(git.Refs.Select(reference => $"{path} {reference.CanonicalName} {reference.TargetIdentifier}"));
            }

            return found;
        }

        private sealed class Recording(HttpMessageHandler inner, ConcurrentQueue<HttpMethod> asked) : DelegatingHandler(inner)
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                asked.Enqueue(request.Method);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}
