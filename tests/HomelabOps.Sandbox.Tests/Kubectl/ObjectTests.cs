using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>kubectl creates, reads, changes and deletes objects.</summary>
public sealed class ObjectTests : KubectlTest
{
    private static readonly string MoreReplicas = Samples.Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal);

    [Fact]
    public async Task Apply_creates_configures_and_leaves_alone()
    {
        Assert.Equal("deployment.apps/web created\nservice/web created\nconfigmap/web created", await OkAsync("apply -f -", Samples.Web));
        Assert.Equal("deployment.apps/web unchanged\nservice/web unchanged\nconfigmap/web unchanged", await OkAsync("apply -f -", Samples.Web));
        Assert.Equal("deployment.apps/web configured\nservice/web unchanged\nconfigmap/web unchanged", await OkAsync("apply -f -", MoreReplicas));
        var deployment = await JsonAsync("get deployment web");
        Assert.Equal(3, (int)deployment["spec"]!["replicas"]!);
        Assert.Equal(2, (int)deployment["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task Apply_merges_lists_by_their_keys()
    {
        await OkAsync("apply -f -", Samples.Web);
        await OkAsync("""patch deployment web -p {"spec":{"template":{"spec":{"containers":[{"name":"side","image":"registry.test/side:1"}]}}}}""");
        await OkAsync("apply -f -", Samples.Web.Replace("web:1.0", "web:1.1", StringComparison.Ordinal));
        Assert.Equal("side=registry.test/side:1 web=registry.test/web:1.1 ", await OkAsync("get deployment web -o jsonpath={range.spec.template.spec.containers[*]}{.name}={.image}{'\\x20'}{end}"));
    }

    [Fact]
    public async Task Server_side_apply_owns_fields_and_tells_conflicts()
    {
        Assert.Equal("deployment.apps/web serverside-applied\nservice/web serverside-applied\nconfigmap/web serverside-applied", await OkAsync("apply --server-side --field-manager=owner -f -", Samples.Web));
        var conflict = await FailsAsync("apply --server-side --field-manager=other -f -", input: MoreReplicas);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"owner\": .spec.replicas", conflict, StringComparison.Ordinal);
        await OkAsync("apply --server-side --field-manager=other --force-conflicts -f -", MoreReplicas);
        var owners = (await JsonAsync("get deployment web --show-managed-fields"))["metadata"]!["managedFields"]!.AsArray().Select(entry => $"{entry!["manager"]} {entry["operation"]}");
        Assert.Equal(["other Apply", "owner Apply"], owners.Order());
    }

    [Fact]
    public async Task Diff_shows_what_apply_would_change()
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Equal("", await OkAsync("diff -f -", Samples.Web));
        var result = await RunAsync(["diff", "-f", "-"], MoreReplicas);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-  replicas: 2\n+  replicas: 3\n", result.Output, StringComparison.Ordinal);
        var serverSide = await RunAsync(["diff", "--server-side", "--force-conflicts", "-f", "-"], MoreReplicas);
        Assert.Equal(1, serverSide.ExitCode);
        Assert.Contains("+  replicas: 3\n", serverSide.Output, StringComparison.Ordinal);
        Assert.Equal(2, (int)(await JsonAsync("get deployment web"))["spec"]!["replicas"]!);
    }

    [Theory]
    [InlineData("strategic", """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"b"},{"name":"side","image":"c"}]}}}}""", "web=b,side=c")]
    [InlineData("merge", """{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"c"}]}}}}""", "side=c")]
    [InlineData("json", """[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"d"}]""", "web=d")]
    public async Task Each_type_of_patch_works(string type, string patch, string containers)
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Equal("deployment.apps/web patched", await OkAsync($"patch deployment web --type {type} -p {patch}"));
        Assert.Equal("deployment.apps/web patched (no change)", await OkAsync($"patch deployment web --type {type} -p {patch}"));
        var present = (await JsonAsync("get deployment web"))["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(container => $"{container!["name"]}={container["image"]}");
        Assert.Equal(containers.Split(',').Order(), present.Order());
    }

    [Fact]
    public async Task A_wrong_object_is_refused_with_the_field()
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Contains("spec.replicas: Invalid value: -1", await FailsAsync("""patch deployment web --type merge -p {"spec":{"replicas":-1}}"""), StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.replicaz\"", await FailsAsync("apply -f -", input: Samples.Web.Replace("replicas:", "replicaz:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("configmaps \"web\" already exists", await FailsAsync("create configmap web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_makes_objects_of_many_kinds()
    {
        string[] commands =
        [
            "create namespace media", "create configmap settings --from-literal=a=b -n media", "create secret generic login --from-literal=user=x -n media", "create deployment sonarr --image=registry.test/sonarr:4 -n media",
            "create job once --image=registry.test/job:1 -n media", "create cronjob nightly --image=registry.test/job:1 --schedule=@daily -n media", "create job now --from=cronjob/nightly -n media", "create serviceaccount robot -n media",
            "create role reader --verb=get,list --resource=pods -n media", "create rolebinding robots --role=reader --serviceaccount=media:robot -n media", "create ingress front --rule=media.test/=sonarr:80 -n media",
            "create quota small --hard=pods=10 -n media", "create poddisruptionbudget one --selector=app=sonarr --min-available=1 -n media", "create priorityclass high --value=1000", "expose deployment sonarr --port=80 -n media",
            "autoscale deployment sonarr --max=3 -n media", "run shell --image=registry.test/shell:1 -n media",
        ];
        foreach (var command in commands)
        {
            Assert.Matches("(created|exposed|autoscaled)$", await OkAsync(command));
        }

        Assert.Equal("b", await OkAsync("get configmap settings -n media -o jsonpath={.data.a}"));
        Assert.Equal("namespace \"media\" deleted", await OkAsync("delete namespace media"));
        Assert.Contains("namespaces \"media\" not found", await FailsAsync("get namespace media"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_and_annotations_come_and_go()
    {
        await OkAsync("create configmap notes");
        Assert.Equal("configmap/notes labeled", await OkAsync("label configmap notes tier=web"));
        Assert.Contains("already has a value (web), and --overwrite is false", await FailsAsync("label configmap notes tier=db"), StringComparison.Ordinal);
        Assert.Equal("configmap/notes labeled", await OkAsync("label configmap notes tier=db --overwrite"));
        Assert.Equal("configmap/notes", await OkAsync("get configmap -l tier=db -o name"));
        Assert.Equal("configmap/notes unlabeled", await OkAsync("label configmap notes tier-"));
        Assert.Equal("configmap/notes annotated", await OkAsync("annotate configmap notes by=me"));
        Assert.Equal("me", await OkAsync("get configmap notes -o jsonpath={.metadata.annotations.by}"));
        Assert.Equal("configmap/notes annotated", await OkAsync("annotate configmap notes by-"));
    }

    [Fact]
    public async Task Scale_and_restart_change_a_deployment()
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Equal("deployment.apps/web scaled", await OkAsync("scale deployment web --replicas=5"));
        Assert.Contains("Expected replicas to be 2, was 5", await FailsAsync("scale deployment web --replicas=1 --current-replicas=2"), StringComparison.Ordinal);
        Assert.Equal("5", await OkAsync("get deployment web -o jsonpath={.spec.replicas}"));
        Assert.Equal("deployment.apps/web restarted", await OkAsync("rollout restart deployment web"));
        Assert.Contains("kubectl.kubernetes.io/restartedAt", await OkAsync("get deployment web -o jsonpath={.spec.template.metadata.annotations}"), StringComparison.Ordinal);
        Assert.Equal("deployment.apps/web image updated", await OkAsync("set image deployment/web web=registry.test/web:2"));
    }

    [Fact]
    public async Task Rollout_status_and_wait_follow_an_object()
    {
        await OkAsync("apply -f -", Samples.Web);
        await using var status = Start("rollout", "status", "deployment/web");
        await using var waiting = Start("wait", "--for=condition=Available", "deployment/web", "--timeout=60s");
        Assert.Equal("Waiting for deployment spec update to be observed...", await status.LineAsync());
        await StatusAsync(updated: 1);
        Assert.Equal("Waiting for deployment \"web\" rollout to finish: 1 out of 2 new replicas have been updated...", await status.LineAsync());
        await StatusAsync(updated: 2);
        Assert.Equal("deployment \"web\" successfully rolled out", await status.LineAsync());
        Assert.Equal("deployment.apps/web condition met", await waiting.LineAsync());
        Assert.Equal((0, 0), ((await status.EndAsync()).ExitCode, (await waiting.EndAsync()).ExitCode));
        await OkAsync("wait --for=jsonpath={.status.replicas}=2 deployment/web --timeout=60s");
    }

    [Fact]
    public async Task Wait_sees_an_object_go()
    {
        await OkAsync("create configmap brief");
        await using var waiting = Start("wait", "--for=delete", "configmap/brief", "--timeout=60s");
        Assert.Equal("configmap \"brief\" deleted", await OkAsync("delete configmap brief"));
        Assert.Equal(0, (await waiting.EndAsync()).ExitCode);
        Assert.Contains("timed out waiting for the condition", await FailsAsync("wait --for=condition=Ready namespace/default --timeout=1s"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_shows_each_change()
    {
        await using var watch = Start("get", "configmap", "-w", "--output-watch-events", "-l", "seen=yes");
        await OkAsync("create -f -", Labelled("first"));
        Assert.Equal("EVENT|NAME|DATA|AGE", Rows(await watch.LineAsync())[0]);
        Assert.StartsWith("ADDED|first|1|", Rows(await watch.LineAsync())[0], StringComparison.Ordinal);
        await OkAsync("""patch configmap first --type merge -p {"data":{"more":"2"}}""");
        Assert.StartsWith("MODIFIED|first|2|", Rows(await watch.LineAsync())[0], StringComparison.Ordinal);
        await OkAsync("delete configmap first");
        Assert.StartsWith("DELETED|first|2|", Rows(await watch.LineAsync())[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        Assert.Equal("deployment.apps/web created (server dry run)\nservice/web created (server dry run)\nconfigmap/web created (server dry run)", await OkAsync("apply --dry-run=server -f -", Samples.Web));
        Assert.Contains("deployments.apps \"web\" not found", await FailsAsync("get deployment web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_takes_what_a_file_or_a_label_names()
    {
        await OkAsync("apply -f -", Samples.Web);
        Assert.Equal("deployment.apps \"web\" deleted\nservice \"web\" deleted\nconfigmap \"web\" deleted", await OkAsync("delete -f -", Samples.Web));
        await OkAsync("create -f -", Labelled("second"));
        Assert.Equal("configmap \"second\" deleted", await OkAsync("delete configmap -l seen=yes"));
        Assert.Equal("", await OkAsync("delete configmap second --ignore-not-found"));
    }

    [Fact]
    public async Task Objects_are_read_in_each_form()
    {
        await OkAsync("create -f -", Labelled("third"));
        var item = await JsonAsync("get configmap third");
        Assert.Equal(("v1", "ConfigMap", "third"), ((string?)item["apiVersion"], (string?)item["kind"], (string?)item["metadata"]!["name"]));
        var yaml = await OkAsync("get configmap third -o yaml");
        Assert.StartsWith("apiVersion: v1\ndata:\n  level: info\nkind: ConfigMap\n", yaml, StringComparison.Ordinal);
        var list = await JsonAsync("get configmap -A --chunk-size=1");
        Assert.Equal("List", (string?)list["kind"]);
        Assert.Contains("third", list["items"]!.AsArray().Select(entry => (string?)entry!["metadata"]!["name"]));
        Assert.Contains("the server doesn't have a resource type \"sonarrs\"", await FailsAsync("get sonarrs"), StringComparison.Ordinal);
    }

    private async Task StatusAsync(int updated)
    {
        var available = updated == 2 ? "True" : "False";
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = 1,
                ["replicas"] = 2,
                ["updatedReplicas"] = updated,
                ["readyReplicas"] = updated,
                ["availableReplicas"] = updated,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Available", ["status"] = available }),
            },
        };
        await OkAsync($"patch deployment web --subresource=status --type merge -p {status.ToJsonString()}");
    }

    private static string Labelled(string name) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{name}}
          labels: {seen: "yes"}
        data: {level: info}
        """;
}
