using System.Diagnostics;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Homelab;

/// <summary>Journals know a cluster by the UID of kube-system, so two homelabs that have nothing in common must not share it.</summary>
public sealed class HomelabIdentityTests
{
    [Fact]
    public async Task Only_a_seeded_homelab_is_the_same_cluster_again()
    {
        var ids = await Task.WhenAll(IdAsync(null), IdAsync(null), IdAsync(7), IdAsync(7));
        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(ids[2], ids[3]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task A_seeded_homelab_has_the_same_objects_again()
    {
        var option = new SandboxOption { Apps = 5, Seed = 42 };
        await using var homelab = await EmbeddedHomelab.StartAsync(option, TestContext.Current.CancellationToken);
        await using var again = await EmbeddedHomelab.StartAsync(option, TestContext.Current.CancellationToken);

        // Some come when the homelab is up already, as volumes that are made for a claim.
        List<string> open = [];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var (objects, others) = (Objects(homelab), Objects(again));
            open = [.. objects.Except(others).Concat(others.Except(objects))];
            if (open.Count == 0 && objects.Count > 100)
            {
                return;
            }
        }

        Assert.Fail(string.Join('\n', open));
    }

    // What Jobs make comes with the time of day.
    private static HashSet<string> Objects(EmbeddedHomelab homelab)
    {
        ResourceType[] types = [ResourceType.Namespace, Types.ConfigMap, Types.Secret, Types.ServiceAccount, Types.Deployment, Types.ReplicaSet, Types.StatefulSet, Types.DaemonSet, Types.Service, Types.PersistentVolumeClaim, Types.PersistentVolume, ResourceType.Pod];
        return types.SelectMany(type => homelab.Host.Informer(type).All.Where(item => !Cells.Items(item, "metadata.ownerReferences").Any(owner => Cells.Text(owner, "kind") == "Job"))
            .Select(item => $"{type.Kind}/{ObjectName.Of(item)} {Cells.Text(item, "metadata.uid")} {Cells.Text(item, "spec.clusterIP")}")).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<string> IdAsync(int? seed)
    {
        await using var homelab = await EmbeddedHomelab.StartFreshAsync(new SandboxOption { Apps = 1, Seed = seed }, TestContext.Current.CancellationToken);
        var space = await homelab.Client.FindObjectAsync(ResourceType.Namespace, null, "kube-system", TestContext.Current.CancellationToken);
        return (string)space!["metadata"]!["uid"]!;
    }
}
