using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Discovery;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Discovery;

/// <summary>A server with a core group and with groups as given, in the form of one generation of Kubernetes; with a cache folder of its own.</summary>
internal sealed class DiscoveryPlay : IAsyncDisposable
{
    private readonly string _form;
    private readonly List<ClusterClient> _clients = [];

    /// <param name="form"><c>v2</c>, <c>v2beta1</c> or <c>legacy</c>.</param>
    public DiscoveryPlay(string form)
    {
        _form = form;
        Server = new FakeApiServer(AnswerAsync);
    }

    public FakeApiServer Server { get; }

    public string Folder { get; set; } = Path.Combine(Path.GetTempPath(), $"homelabops-tests-{Guid.NewGuid():N}");

    /// <summary>Per group its versions, the preferred one first, each with its kinds.</summary>
    public Dictionary<string, (string Version, string[] Kinds)[]> Groups { get; } = new(StringComparer.Ordinal)
    {
        ["notification.toolkit.fluxcd.io"] = [("v1", ["Receiver"]), ("v1beta3", ["Alert", "Provider", "Receiver"])],
    };

    /// <summary>Group versions that answer with 503, as those of a broken extension server do.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>Lists of objects by plural, or <c>forbidden</c>.</summary>
    public Dictionary<string, string> Lists { get; } = new(StringComparer.Ordinal);

    public int RequestCount => Server.Requests.Count;

    /// <summary>Discovery as of a new process: nothing remembered but on disk.</summary>
    /// <param name="believedFor">How long nobody looks again for what was not found; null for not at all.</param>
    public ApiDiscovery Fresh(TimeSpan? believedFor = null)
    {
        var client = Server.Client();
        _clients.Add(client);
        return new ApiDiscovery(client, new DiscoveryCache(Folder)) { BelievedFor = believedFor ?? TimeSpan.Zero };
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private Task AnswerAsync(FakeRequest request, FakeReply reply)
    {
        var accepts = (request.Header("Accept") ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (request.Path is "/api" or "/apis" && _form != "legacy" && accepts.Contains($"v={_form};as=APIGroupDiscoveryList", StringComparison.Ordinal))
        {
            var items = request.Path == "/api" ? [Aggregated("", [("v1", ["Pod", "Node"])])] : Groups.Select(group => Aggregated(group.Key, group.Value));
            return reply.SendAsync(
                $$"""{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/{{_form}}","metadata":{},"items":[{{string.Join(',', items)}}]}""",
                type: $"application/json;g=apidiscovery.k8s.io;v={_form};as=APIGroupDiscoveryList");
        }

        switch (request.Path.Trim('/').Split('/'))
        {
            case ["api"]:
                return reply.SendAsync("""{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]}""");
            case ["api", "v1"]:
                return reply.SendAsync(Legacy(["Pod", "Node"]));
            case ["apis"]:
                // The server lists versions by age of the API; which one it prefers is said beside.
                return reply.SendAsync($$"""{"kind":"APIGroupList","groups":[{{string.Join(',', Groups.Select(group => LegacyGroup(group.Key, group.Value)))}}]}""");
            case ["apis", var group, var version] when Broken.Contains($"{group}/{version}"):
                return reply.FailAsync(503, "ServiceUnavailable", "service unavailable");
            case ["apis", var group, var version] when Groups.TryGetValue(group, out var versions):
                return reply.SendAsync(Legacy(versions.Single(one => one.Version == version).Kinds));
            case ["apis", _, _, var plural] when Lists.TryGetValue(plural, out var list):
                return list == "forbidden" ? reply.FailAsync(403, "Forbidden", "no") : reply.SendAsync(list);
            default:
                return reply.FailAsync(404, "NotFound", "not found");
        }
    }

    private static string Plural(string kind) => kind.ToLowerInvariant() + "s";

    private static string Aggregated(string group, (string Version, string[] Kinds)[] versions)
    {
        var name = group.Length == 0 ? "" : $"\"name\":\"{group}\",";
        return $$"""{"metadata":{ {{name}}"creationTimestamp":null},"versions":[{{string.Join(',', versions.Select(AggregatedVersion))}}]}""";
    }

    private static string AggregatedVersion((string Version, string[] Kinds) version) =>
        $$"""{"version":"{{version.Version}}","freshness":"Current","resources":[{{string.Join(',', version.Kinds.Select(AggregatedKind))}}]}""";

    private static string AggregatedKind(string kind) =>
        $$"""{"resource":"{{Plural(kind)}}","responseKind":{"group":"","version":"","kind":"{{kind}}"},"scope":"{{(kind == "Node" ? "Cluster" : "Namespaced")}}","singularResource":"{{kind.ToLowerInvariant()}}","shortNames":["{{kind[..2].ToLowerInvariant()}}"],"verbs":["get","list","watch"],"subresources":[{"subresource":"status","verbs":["get"]}]}""";

    private static string LegacyGroup(string group, (string Version, string[] Kinds)[] versions)
    {
        var names = versions.Select(one => $$"""{"groupVersion":"{{group}}/{{one.Version}}","version":"{{one.Version}}"}""").ToArray();
        return $$"""{"name":"{{group}}","versions":[{{string.Join(',', names.Reverse())}}],"preferredVersion":{{names[0]}} }""";
    }

    private static string Legacy(string[] kinds) =>
        $$"""{"kind":"APIResourceList","groupVersion":"x","resources":[{{string.Join(',', kinds.SelectMany(LegacyKind))}}]}""";

    private static string[] LegacyKind(string kind) =>
    [
        $$"""{"name":"{{Plural(kind)}}","singularName":"","namespaced":{{(kind == "Node" ? "false" : "true")}},"kind":"{{kind}}","verbs":["get","list","watch"],"shortNames":["{{kind[..2].ToLowerInvariant()}}"]}""",
        $$"""{"name":"{{Plural(kind)}}/status","singularName":"","namespaced":true,"kind":"{{kind}}","verbs":["get","list"]}""",
        $$"""{"name":"{{kind.ToLowerInvariant()}}reviews","singularName":"","namespaced":false,"kind":"{{kind}}Review","verbs":["create"]}""",
    ];
}
