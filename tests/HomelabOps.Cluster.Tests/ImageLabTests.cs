using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The CronJob of docs/SCHEDULED.md with the image that the build makes, on a real kubelet, under the role that it names.</summary>
[Collection(nameof(Alone))]
public sealed partial class ImageLabTests : IClassFixture<LabImage>, IDisposable
{
    private const string Space = "/api/v1/namespaces/homelabops";
    private const string Jobs = "/apis/batch/v1/namespaces/homelabops/jobs";
    private const string Volume = "/api/v1/persistentvolumes/homelabops-test-check";
    private const string Folder = "/srv/homelabops-test-check";

    // Kubernetes 1.20 has CronJobs, but not yet in this version.
    private const string CronJobs = "/apis/batch/v1beta1/namespaces/homelabops/cronjobs";

    private static readonly string[] Made = ["/apis/rbac.authorization.k8s.io/v1/clusterroles/homelabops-read", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/homelab-check", Space, Volume];
    private static readonly string Page = File.ReadAllText(Path.Combine(Build.RepositoryRoot, "docs", "SCHEDULED.md"));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly LabImage _image;
    private readonly LabApi _api;
    private readonly HttpClient _http;
    private bool _isApplied;

    public ImageLabTests(LabImage image)
    {
        _ = Lab.KubeConfig;
        _image = image;
        (_api, _http) = (new(), LabApi.NewClient());
    }

    public void Dispose()
    {
        if (_isApplied)
        {
            Clean();
        }

        _http.Dispose();
        _api.Dispose();
    }

    [Fact]
    public void Made_again_it_is_the_same_and_no_larger_than_the_page_says()
    {
        Assert.Equal(_image.First, _image.Second);
        Assert.Contains($"image: {_image.Name}\n", Page, StringComparison.Ordinal);
        var said = int.Parse(Size.Match(Page).Groups["size"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(_image.Length >> 20, said - 10, said + 10);
    }

    [Fact]
    public void The_CronJob_of_the_page_checks_the_cluster_that_it_runs_in_and_remembers_what_it_told()
    {
        ApplyPage();
        var (status, log) = Run("first", _ => { });
        Assert.True((int?)status["succeeded"] == 1, log);
        Assert.Contains("'secrets' may not be read on 'in-cluster'", log, StringComparison.Ordinal);
        Assert.DoesNotContain("You may not", log, StringComparison.Ordinal);
        Assert.Matches(@"\ncluster .* (\d+ findings?, \d+ new|nothing)", log);
        Assert.Equal("65532 600", NodeShell.Run(LabImage.Node, $"stat -c '%u %a' {Folder}/cluster.state"));

        // As the page says: what cannot be asked lets the Job fail.
        (status, log) = Run("second", pod => (pod["serviceAccountName"], pod["serviceAccount"]) = ("default", "default"));
        Assert.True((int?)status["failed"] == 1, log);
        Assert.Contains("not all could be read", log, StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_nobody_in_particular_writes_nowhere_and_ends_as_the_page_says()
    {
        ApplyPage();
        var (commands, codes) = (new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["facts"] = "\"$((Connect-Homelab).Context) $([System.Environment]::UserName) $([System.TimeZoneInfo]::FindSystemTimeZoneById('Europe/Berlin').BaseUtcOffset.TotalHours)\"",
            ["writes"] = "[System.IO.File]::WriteAllText('/usr/lib/homelabops/x', 'x')",
            ["secrets"] = "Get-HomelabObject Secret/*",
            ["changes"] = "$env:HOMELABOPS_STATE = '/check'; Suspend-HomelabNode k3s-w2 -Confirm:$false",
            ["unwritten"] = "Suspend-HomelabNode k3s-w2 -Confirm:$false",
            ["asks"] = "Suspend-HomelabNode k3s-w2 -Confirm",
            ["missing"] = "Invoke-HomelabCheck -Path /nothing.json",
            ["exit"] = "exit 7",
        }, new Dictionary<string, int>(StringComparer.Ordinal) { ["facts"] = 0, ["exit"] = 7 });
        var pod = Pod("facts", spec =>
        {
            var first = spec["containers"]![0]!;
            spec["containers"] = new JsonArray([.. commands.Select(command =>
            {
                var container = first.DeepClone();
                (container["name"], container["args"]![2]) = (command.Key, command.Value);
                return container;
            })]);
        });
        _api.Send(HttpMethod.Post, $"{Space}/pods", pod.ToJsonString());
        Until(() => (string?)Get($"{Space}/pods/facts")["status"]!["phase"] is "Succeeded" or "Failed", "the pod does not end");

        var logs = commands.Keys.ToDictionary(name => name, name => Log("facts", name), StringComparer.Ordinal);
        Assert.All(Get($"{Space}/pods/facts")["status"]!["containerStatuses"]!.AsArray(), container =>
        {
            var name = (string)container!["name"]!;
            Assert.True(codes.GetValueOrDefault(name, 1) == (int?)container["state"]!["terminated"]!["exitCode"], $"{name}: {container["state"]!.ToJsonString()} {logs[name]}");
        });
        Assert.Equal("in-cluster homelabops 1", logs["facts"].Trim());
        Assert.Contains("Read-only file system", logs["writes"], StringComparison.Ordinal);
        Assert.All(new[] { "secrets", "changes" }, name => Assert.Contains("You may not", logs[name], StringComparison.Ordinal));
        Assert.Contains("The change was not made", logs["unwritten"], StringComparison.Ordinal);
        Assert.Contains("NonInteractive mode", logs["asks"], StringComparison.Ordinal);
    }

    [GeneratedRegex("```yaml\n(?<text>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Manifests { get; }

    [GeneratedRegex(@"OCI archive of (?<size>\d+) MB", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Size { get; }

    // What the page has, under its own names, with the volume that a homelab's provisioner would make. Only the schedule waits.
    private void ApplyPage()
    {
        _image.Import();
        Clean();
        _isApplied = true;
        NodeShell.Run(LabImage.Node, $"mkdir -p {Folder}");
        _api.Send(HttpMethod.Post, "/apis/rbac.authorization.k8s.io/v1/clusterroles", File.ReadAllText(Path.Combine(Build.RepositoryRoot, "deploy", "rbac", "homelabops-read.yaml")), "application/yaml");
        _api.Send(HttpMethod.Post, Volume[..Volume.LastIndexOf('/')], $$$$"""
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"homelabops-test-check"},
             "spec":{"capacity":{"storage":"16Mi"},"accessModes":["ReadWriteOnce"],"claimRef":{"namespace":"homelabops","name":"homelab-check"},"local":{"path":"{{{{Folder}}}}"},
             "nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["{{{{LabImage.Node}}}}"]}]}]} } } }
            """);
        foreach (var manifest in Manifests.Match(Page).Groups["text"].Value.Split("---\n"))
        {
            var (path, text) = Kind(manifest) switch
            {
                "Namespace" => ("/api/v1/namespaces", manifest),
                "ClusterRoleBinding" => ("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", manifest),
                "CronJob" => (CronJobs, manifest.Replace("batch/v1\n", "batch/v1beta1\n", StringComparison.Ordinal).Replace("  schedule:", "  suspend: true\n  schedule:", StringComparison.Ordinal)),
                var kind => ($"{Space}/{kind.ToLowerInvariant()}s", manifest),
            };
            _api.Send(HttpMethod.Post, path, text, "application/yaml");
        }
    }

    // Before as well: a run that was killed has left all of it.
    private void Clean()
    {
        Array.ForEach(Made, path => _api.Call(HttpMethod.Delete, path));
        Until(() => Array.TrueForAll(Made, path => _api.Call(HttpMethod.Get, path).Status == 404), "what the page makes does not go");
        NodeShell.Run(LabImage.Node, $"rm -rf {Folder}");
    }

    private static string Kind(string manifest) => manifest.Split('\n').Single(line => line.StartsWith("kind: ", StringComparison.Ordinal))[6..];

    // What the CronJob would start, its pod changed as said.
    private (JsonObject Status, string Log) Run(string name, Action<JsonNode> change)
    {
        var spec = Get($"{CronJobs}/homelab-check")["spec"]!["jobTemplate"]!["spec"]!.DeepClone();
        spec["template"]!["spec"] = Pod(name, change)["spec"]!.DeepClone();
        _api.Send(HttpMethod.Post, Jobs, new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec }.ToJsonString());
        Until(() => Get($"{Jobs}/{name}")["status"] is { } status && (status["succeeded"] ?? status["failed"]) is not null, $"the Job {name} does not end");
        var pod = (string)Assert.Single(Get($"{Space}/pods?labelSelector=job-name%3D{name}")["items"]!.AsArray())!["metadata"]!["name"]!;
        return (Get($"{Jobs}/{name}")["status"]!.AsObject(), Log(pod, "check"));
    }

    private JsonObject Pod(string name, Action<JsonNode> change)
    {
        var spec = Get($"{CronJobs}/homelab-check")["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!.DeepClone();
        change(spec);
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    private JsonObject Get(string path) => _api.Send(HttpMethod.Get, path);

    private string Log(string pod, string container)
    {
        using var response = _http.Send(new HttpRequestMessage(HttpMethod.Get, $"{Space}/pods/{pod}/log?container={container}"));
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static void Until(Func<bool> holds, string otherwise)
    {
        var end = DateTime.UtcNow + Patience;
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < end, otherwise);
            Thread.Sleep(100);
        }
    }
}
