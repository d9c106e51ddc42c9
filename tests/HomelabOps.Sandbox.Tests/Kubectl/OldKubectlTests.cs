using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>
/// What works with Debian's kubectl 1.20 as well. Not among it: exec, attach, cp and port-forward, for which it only speaks SPDY
/// without a WebSocket, and what it does not have yet (events, the subresource option, waiting for a JSONPath). The rest of what
/// the others run is: get, describe, apply, diff, patch, delete, scale, rollout, wait, label, logs, top, api-resources, auth can-i.
/// </summary>
public sealed class OldKubectlTests : KubectlTest
{
    private protected override string Program => KubectlProgram.Old;

    [Fact]
    public async Task It_applies_compares_and_deletes()
    {
        Assert.Equal("deployment.apps/web created\nservice/web created\nconfigmap/web created", await OkAsync("apply -f -", Samples.Web));
        Assert.Equal("deployment.apps/web unchanged\nservice/web unchanged\nconfigmap/web unchanged", await OkAsync("apply -f -", Samples.Web));
        var more = Samples.Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal);
        var difference = await RunAsync(["diff", "-f", "-"], more);
        Assert.Equal(1, difference.ExitCode);
        Assert.Contains("-  replicas: 2\n+  replicas: 3\n", difference.Output, StringComparison.Ordinal);
        Assert.Contains("created (server dry run)", await OkAsync("create deployment dry --image=registry.test/dry:1 --dry-run=server"), StringComparison.Ordinal);
        Assert.Contains("deployment.apps/web serverside-applied", await OkAsync("apply --server-side --force-conflicts -f -", more), StringComparison.Ordinal);
        Assert.Equal("3", await OkAsync("get deployment web -o jsonpath={.spec.replicas}"));
        Assert.Contains("unknown field \"replicaz\"", await FailsAsync("apply -f -", input: Samples.Web.Replace("replicas:", "replicaz:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("deployment.apps \"web\" deleted\nservice \"web\" deleted\nconfigmap \"web\" deleted", await OkAsync("delete -f -", Samples.Web));
    }

    [Fact]
    public async Task It_changes_objects()
    {
        await OkAsync("apply -f -", Samples.Web);
        await OkAsync("""patch deployment web -p {"spec":{"template":{"spec":{"containers":[{"name":"side","image":"registry.test/side:1"}]}}}}""");
        await OkAsync("""patch deployment web --type merge -p {"spec":{"paused":false}}""");
        await OkAsync("""patch deployment web --type json -p [{"op":"replace","path":"/spec/replicas","value":4}]""");
        Assert.Equal("deployment.apps/web scaled", await OkAsync("scale deployment web --replicas=5"));
        Assert.Equal("deployment.apps/web restarted", await OkAsync("rollout restart deployment web"));
        Assert.Equal("deployment.apps/web labeled", await OkAsync("label deployment web tier=web"));
        Assert.Equal("deployment.apps/web annotated", await OkAsync("annotate deployment web by=me"));
        Assert.Equal("5 web me", await OkAsync("get deployment web -o jsonpath={.spec.replicas}{'\\x20'}{.metadata.labels.tier}{'\\x20'}{.metadata.annotations.by}"));
        Assert.Contains("Selector:               app=web", await OkAsync("describe deployment web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_and_watches()
    {
        Assert.Equal("NAME|STATUS|AGE", Rows(await OkAsync("get namespaces"))[0]);
        Assert.Equal("List", (string?)(await JsonAsync("get namespaces"))["kind"]);
        await using var watch = Start("get", "configmap", "-w", "--no-headers", "--field-selector", "metadata.name=seen");
        await OkAsync("create configmap seen --from-literal=a=b");
        Assert.StartsWith("seen|1|", Rows(await watch.LineAsync())[0], StringComparison.Ordinal);
        await using var waiting = Start("wait", "--for=delete", "configmap/seen", "--timeout=60s");
        await OkAsync("delete configmap seen");
        Assert.Equal(0, (await waiting.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task It_waits_for_a_rollout()
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Equal("Waiting for deployment spec update to be observed...", await OkAsync("rollout status deployment/web --watch=false"));
        Seed(Samples.RolledOut);
        Assert.Equal("deployment \"rolled\" successfully rolled out", await OkAsync("rollout status deployment/rolled"));
        Assert.Equal("deployment.apps/rolled condition met", await OkAsync("wait --for=condition=Available deployment/rolled --timeout=60s"));
    }

    [Fact]
    public async Task It_shows_usage()
    {
        Seed(Samples.RunningPod);
        Node.NodeUsage.Add(Usage("k3s-w1", "usage", Figures()));
        Node.PodUsage.Add(Usage("sonarr", "containers", new JsonArray(new JsonObject { ["name"] = "sonarr", ["usage"] = Figures() })));
        Assert.Equal("k3s-w1|1000m|25%|2048Mi|25%", Rows(await OkAsync("top nodes"))[1]);
        Assert.Equal("sonarr|1000m|2048Mi", Rows(await OkAsync("top pods"))[1]);
    }

    private static JsonObject Figures() => new() { ["cpu"] = "1", ["memory"] = "2Gi" };

    private static JsonObject Usage(string name, string field, JsonNode figures) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = field == "usage" ? null : "default" },
        ["timestamp"] = "2026-01-01T00:00:00Z",
        ["window"] = "30s",
        [field] = figures,
    };

    [Fact]
    public async Task It_learns_of_the_server()
    {
        Assert.Contains("apps/v1", (await OkAsync("api-versions")).Split('\n'));
        Assert.Contains("pods|po|v1|true|Pod", Rows(await OkAsync("api-resources")));
        Assert.Contains("FIELD:    data <map[string]string>", await OkAsync("explain configmap.data"), StringComparison.Ordinal);
        Assert.Contains("containers\t<[]Object>", await OkAsync("explain deployment --recursive"), StringComparison.Ordinal);
        await OkAsync("apply -f -", string.Join("---\n", Definitions.Of("volsync.backube")));
        Assert.Contains("topologyKey\t<string>", await OkAsync("explain replicationsource.spec.restic.moverAffinity --recursive"), StringComparison.Ordinal);
        Assert.Equal("yes", await OkAsync("auth can-i create pods"));
    }

    [Fact]
    public async Task It_reads_logs_and_works_on_nodes()
    {
        Seed(Samples.RunningPod);
        Assert.Equal("sonarr line 4\nsonarr line 5", await OkAsync("logs sonarr -c sonarr --tail=2"));
        await using var following = Start("logs", "-f", "--tail=1", "-c", "sonarr", "sonarr");
        Assert.Equal("sonarr line 5", await following.LineAsync());
        Node.Log("started");
        Assert.Equal("started", await following.LineAsync());
        Assert.Equal("node/k3s-w1 cordoned", await OkAsync("cordon k3s-w1"));
        Assert.StartsWith("k3s-w1|Ready,SchedulingDisabled|worker|", Rows(await OkAsync("get nodes --no-headers"))[0], StringComparison.Ordinal);
        Assert.Equal("node/k3s-w1 uncordoned", await OkAsync("uncordon k3s-w1"));
    }
}
