using HomelabOps.Core.Kubernetes;

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

    private static async Task<string> IdAsync(int? seed)
    {
        await using var homelab = await EmbeddedHomelab.StartFreshAsync(new SandboxOption { Apps = 1, Seed = seed }, TestContext.Current.CancellationToken);
        var space = await homelab.Client.FindObjectAsync(ResourceType.Namespace, null, "kube-system", TestContext.Current.CancellationToken);
        return (string)space!["metadata"]!["uid"]!;
    }
}
