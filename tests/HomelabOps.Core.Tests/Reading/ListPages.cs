using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

/// <summary>What the tests of lists share.</summary>
internal static class ListPages
{
    public static IAsyncEnumerable<PodWire> Pods(this ClusterClient client, CancellationToken cancellationToken = default) =>
        client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = "media" }, WireContext.Default.PodWire, cancellationToken: cancellationToken);

    public static async Task<List<string>> NamesAsync(this ClusterClient client, CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        await client.NamesAsync(names, cancellationToken).Soon();
        return names;
    }

    public static async Task NamesAsync(this ClusterClient client, List<string> names, CancellationToken cancellationToken)
    {
        await foreach (var pod in client.Pods(cancellationToken))
        {
            names.Add(pod.Metadata.Name);
        }
    }

    public static async Task<HomelabException> FailureAsync(this ClusterClient client) =>
        await Assert.ThrowsAsync<HomelabException>(() => client.NamesAsync());

    /// <summary>Three pages of three, addressed by the tokens "", "t1" and "t2".</summary>
    public static string Page(string? token, bool custom = false) => (token ?? "", custom) switch
    {
        ("", false) => FakeCluster.List(FakeCluster.Items(0, 3), "t1"),
        ("t1", false) => FakeCluster.List(FakeCluster.Items(3, 3), "t2"),
        (_, false) => FakeCluster.List(FakeCluster.Items(6, 3)),
        ("", true) => FakeCluster.CustomList(FakeCluster.Items(0, 3), "t1"),
        ("t1", true) => FakeCluster.CustomList(FakeCluster.Items(3, 3), "t2"),
        (_, true) => FakeCluster.CustomList(FakeCluster.Items(6, 3)),
    };
}
