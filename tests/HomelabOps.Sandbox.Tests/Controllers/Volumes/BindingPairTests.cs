using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Volumes;

/// <summary>What is said of claims that wait, held against what a volume binder does with them: the embedded homelab's, and the real one of the lab.</summary>
public abstract class BindingPairTests(BindingPairTests.Ground ground)
{
    public static TheoryData<string> Names() => [.. BindingPair.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_said_comes_true(string name)
    {
        var pair = BindingPair.All[name];
        var (outcomes, prefix) = await ground.OutcomesAsync();
        var (said, phase, volume) = outcomes[name];
        var expected = pair.Takes is null ? "" : $"{prefix}-{name}-{pair.Takes}";

        // What the binder did is what was meant to happen, and what we said would.
        Assert.Equal((expected.Length == 0 ? "Pending" : "Bound", expected), (phase, volume));
        Assert.Equal((pair.Reason, false), (said.Reason, said.Bound));
        if (expected.Length > 0)
        {
            Assert.Equal(expected, said.Volume);
        }

        if (pair.Volumes.Length > 0)
        {
            var first = said.Candidates.Single(candidate => candidate.Volume == $"{prefix}-{name}-v");
            Assert.Equal(pair.Rule, first.Rule);
            Assert.Equal(pair.Rule == PvcBindingRule.None, first.Message.Length == 0);
        }

        Assert.All([said.Message, said.Remedy], text => Assert.False(text.Length == 0 || text.Contains("Pvc", StringComparison.Ordinal), text));
    }

    /// <summary>The pairs in one cluster, made when the first test asks.</summary>
    public abstract class Ground : IAsyncDisposable
    {
        private readonly Lock _lock = new();
        private Task<(IReadOnlyDictionary<string, BindingOutcome> Outcomes, string Prefix)>? _outcomes;

        internal Task<(IReadOnlyDictionary<string, BindingOutcome> Outcomes, string Prefix)> OutcomesAsync()
        {
            lock (_lock)
            {
                return _outcomes ??= RunAsync();
            }
        }

        public abstract ValueTask DisposeAsync();

        private protected abstract Task<(IReadOnlyDictionary<string, BindingOutcome> Outcomes, string Prefix)> RunAsync();
    }
}

/// <inheritdoc/>
public sealed class SandboxBindingPairTests(SandboxBindingPairTests.Embedded ground) : BindingPairTests(ground), IClassFixture<SandboxBindingPairTests.Embedded>
{
    [Fact]
    public void There_are_enough_of_them() => Assert.True(BindingPair.All.Count >= 25, $"{BindingPair.All.Count}");

    /// <summary>The embedded server with its binder and scheduler.</summary>
    public sealed class Embedded : Ground
    {
        private Placement? _placement;

        public override ValueTask DisposeAsync() => _placement?.DisposeAsync() ?? ValueTask.CompletedTask;

        private protected override async Task<(IReadOnlyDictionary<string, BindingOutcome> Outcomes, string Prefix)> RunAsync()
        {
            _placement = await Placement.StartAsync();
            var ready = System.Text.Json.Nodes.JsonNode.Parse("""{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""")!;
            foreach (var node in new[] { "w1", "w2" })
            {
                await _placement.Cluster.Client.PatchAsync(ResourceType.Node, null, node, PatchKind.Merge, ready.DeepClone(), Cluster.Stop, new WriteOptions { Subresource = "status" });
            }

            return (await new BindingGround(_placement.Cluster.Client, "default").RunAsync(), "default");
        }
    }
}

/// <inheritdoc/>
public sealed class LabBindingPairTests(LabBindingPairTests.Real ground) : BindingPairTests(ground), IClassFixture<LabBindingPairTests.Real>
{
    /// <summary>The lab, whose binder is Kubernetes' own.</summary>
    public sealed class Real : Ground
    {
        private ClusterClient? _client;
        private LabNamespace? _namespace;
        private BindingGround? _ground;

        public override async ValueTask DisposeAsync()
        {
            if (_ground is not null)
            {
                await _ground.CleanAsync();
            }

            _namespace?.Dispose();
            _client?.Dispose();
        }

        private protected override async Task<(IReadOnlyDictionary<string, BindingOutcome> Outcomes, string Prefix)> RunAsync()
        {
            _client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
            _namespace = new LabNamespace();
            _ground = new BindingGround(_client, _namespace.Name);
            return (await _ground.RunAsync(), _namespace.Name);
        }
    }
}
