using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>An application in the middle of another change is not moved.</summary>
public sealed class FailoverRolloutTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    [Fact]
    public async Task An_application_whose_new_pods_find_no_node_stays()
    {
        await homelab.UntilInSyncAsync();
        var patch = JsonNode.Parse("""{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/reconcile":"disabled"} },"spec":{"template":{"spec":{"nodeSelector":{"role":"none"} } } } }""")!;
        await homelab.Client.PatchAsync(Types.Deployment, "media", "radarr", PatchKind.Merge, patch, TestContext.Current.CancellationToken);
        await homelab.UntilAsync(() => Task.FromResult(FaultyHomelab.PodsOf(homelab.Homelab, "radarr").ToList() is [var pod] && Cells.Text(pod, "status.phase") == "Pending"), "the new pod finds no node", TimeSpan.FromSeconds(2));
        var refused = Assert.Single((await homelab.MoveAsync("radarr", new() { Kind = OperationKind.PlannedFailover })).Failures);
        Assert.Contains("Workload: ", refused.Message, StringComparison.Ordinal);
    }
}
