using System.Net.Http.Headers;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Reading;

namespace HomelabOps.Core.Tests.Fakes;

/// <summary>Clients of a <see cref="FakeApiServer"/> and the bodies that it sends.</summary>
internal static class FakeCluster
{
    /// <summary>No test waits for the real delays, and every test has its end.</summary>
    public static RetryPolicy Quick { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(2) };

    public static ClusterClient Client(Uri server, RetryPolicy? retry = null, TimeSpan? responseTimeout = null, ICredentialSource? credentials = null) =>
        new(Endpoint(server, credentials)) { Retry = retry ?? Quick, ResponseTimeout = responseTimeout ?? TimeSpan.FromSeconds(20), Discovery = { BelievedFor = TimeSpan.Zero } };

    public static ClusterClient Client(this FakeApiServer server, RetryPolicy? retry = null, TimeSpan? responseTimeout = null, ICredentialSource? credentials = null) =>
        Client(server.Address, retry, responseTimeout, credentials);

    public static ClusterEndpoint Endpoint(Uri server, ICredentialSource? credentials = null) => new()
    {
        Name = "fake",
        Context = new KubeContext("fake", "fake", "fake", null),
        Server = server,
        Namespace = "default",
        Credentials = credentials ?? StaticCredentials.None,
    };

    public static string Item(string name, string version = "1", string @namespace = "media") =>
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","resourceVersion":"{{{version}}}"},"status":null}""";

    /// <summary>A list as the server writes it for its own types: metadata first.</summary>
    public static string List(IEnumerable<string> items, string next = "", string version = "10") =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""" + "\n";

    /// <summary>A list as the server writes it for custom resources: keys in the order of the alphabet, so metadata comes last.</summary>
    public static string CustomList(IEnumerable<string> items, string next = "", string version = "10") =>
        $$$"""{"apiVersion":"v1","items":[{{{string.Join(',', items)}}}],"kind":"PodList","metadata":{"continue":"{{{next}}}","resourceVersion":"{{{version}}}"}}""" + "\n";

    public static IEnumerable<string> Names(int from, int count) => Enumerable.Range(from, count).Select(number => $"pod-{number:D4}");

    public static IEnumerable<string> Items(int from, int count) => Names(from, count).Select(name => Item(name));

    /// <summary>Runs what must end by itself; a hang fails the test instead of the run.</summary>
    public static async Task<T> Soon<T>(this Task<T> task) => await task.WaitAsync(TimeSpan.FromSeconds(60));

    public static async Task Soon(this Task task) => await task.WaitAsync(TimeSpan.FromSeconds(60));
}

/// <summary>Credentials that remember how they were asked for.</summary>
internal sealed class RecordingCredentials(string first, string later) : ICredentialSource
{
    public List<bool> Asked { get; } = [];

    public ValueTask<AuthenticationHeaderValue?> GetAsync(bool refresh, CancellationToken cancellationToken)
    {
        Asked.Add(refresh);
        return ValueTask.FromResult<AuthenticationHeaderValue?>(new("Bearer", Asked.Contains(true) ? later : first));
    }
}
