using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>Cordoning, draining and resuming nodes of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class NodeSuspensionTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private const string Space = "/api/v1/namespaces/default";
    private const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

    public override void Dispose()
    {
        Run("$null = Resume-HomelabNode * -WarningAction Ignore");
        base.Dispose();
    }

    [Fact]
    public void A_cordoned_node_says_who_and_why_until_it_is_resumed()
    {
        var node = Run("Suspend-HomelabNode k3s-w2 -Reason 'new disk'").ThrowIfFailed().Output.Single();
        Assert.Equal((false, true, "Cordoned"), (node.Properties["Schedulable"].Value, node.Properties["Ready"].Value, node.Properties["Reason"].Value));
        Assert.Equal([$"cordoned by {Environment.UserName}@{Environment.MachineName}, because: new disk"], Run("(Get-HomelabNode k3s-w2).Message").ThrowIfFailed().Strings);
        var since = Assert.IsType<DateTime>(Run("(Get-HomelabNode k3s-w2).Suspension.Since").ThrowIfFailed().Output.Single().BaseObject);

        var finding = Until("Test-Homelab -Area Cluster | Where-Object Reason -EQ NodeCordoned | ForEach-Object Message");
        Assert.All(["new disk", $"by {Environment.UserName}@", "since "], text => Assert.Contains(text, finding, StringComparison.Ordinal));

        // Who knows nothing more takes nothing away, and who does changes only that.
        Assert.Contains("new disk", Assert.Single(Run("Suspend-HomelabNode k3s-w2").Warnings), StringComparison.Ordinal);
        Assert.Equal(["larger disk"], Run("(Suspend-HomelabNode k3s-w2 -Reason 'larger disk').Suspension.Reason").ThrowIfFailed().Strings);
        Assert.Equal(since, Run("(Get-HomelabNode k3s-w2).Suspension.Since").ThrowIfFailed().Output.Single().BaseObject);

        Assert.Equal(["True", ""], Run("$n = Test-Homelab -Area Cluster | Where-Object Reason -EQ NodeCordoned | Resume-HomelabNode; $n.Schedulable; $n.Suspension").ThrowIfFailed().Strings.Select(text => text ?? ""));
        Assert.DoesNotContain("homelabops.github.io", Run("Get-HomelabObject Node/k3s-w2 -AsYaml").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
        Assert.Single(Run("Resume-HomelabNode k3s-w2").ThrowIfFailed().Warnings);
        Assert.All(["unschedulable", "\"form\":\"MergePatch\""], text => Assert.Contains(text, Journal(), StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_names_what_would_stay_pending_and_changes_nothing()
    {
        var result = Run("Suspend-HomelabNode k3s-w1 -Drain -WhatIf; Suspend-HomelabNode k3s-w2 -WhatIf; Resume-HomelabNode k3s-w2 -WhatIf").ThrowIfFailed();
        Assert.Contains(result.Warnings, text => text.Contains("media/sonarr", StringComparison.Ordinal) && text.Contains("Invoke-HomelabFailover -From k3s-w1 -Planned", StringComparison.Ordinal));
        Assert.Empty(Run("Get-HomelabNode | Where-Object Schedulable -EQ $false").ThrowIfFailed().Output);
        Assert.True(IsUntouched);
    }

    [Fact]
    public void A_drained_node_has_only_what_has_to_stay()
    {
        // What the other tests have made is still being ended, and is not evicted then.
        Until("if (-not (Get-HomelabPod default/guarded-*)) { 'they have gone' }");
        var before = Pods("k3s-w2");
        Assert.Contains(before, pod => !IsOfDaemonSet(pod));
        var result = Run("Suspend-HomelabNode k3s-w2 -Drain -Reason upgrade -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal((false, "upgrade"), (result.Output.Single().Properties["Schedulable"].Value, Run("(Get-HomelabNode k3s-w2).Suspension.Reason").ThrowIfFailed().Strings.Single()));
        Assert.Equal(before.Where(IsOfDaemonSet), Pods("k3s-w2"));
        var journal = Journal();
        Assert.All(before.Where(pod => !IsOfDaemonSet(pod)), pod => Assert.Contains($"\"name\":\"{pod.Split('/')[1]}\",\"change\":\"Evict\"", journal, StringComparison.Ordinal));

        // Once more there is nothing to evict, and what is known of the node stays.
        Assert.Equal(["upgrade"], Run("(Suspend-HomelabNode k3s-w2 -Drain).Suspension.Reason").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_budget_is_kept_and_named_and_the_node_stays_cordoned()
    {
        using var api = new SandboxApi(Sandbox);
        var name = Guarded(api);
        try
        {
            var node = Until($"(Get-HomelabPod default/{name}-* | Where-Object Ready).Node");
            var budget = $"The disruption budget {name} needs 1 healthy pods and has 1 currently";
            var late = Run($"Suspend-HomelabNode {node} -Drain -TimeoutSeconds 5");
            Assert.Equal("NodeDrainTimeout", Assert.Single(late.ErrorIds));
            Assert.Contains(budget, late.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Equal(["False"], late.Output.Select(item => $"{item.Properties["Schedulable"].Value}"));

            var once = Run($"Suspend-HomelabNode {node} -Drain -NoWait");
            Assert.Equal("NodeDrainFailed", Assert.Single(once.ErrorIds));
            Assert.Contains(budget, once.Errors[0].Exception.Message, StringComparison.Ordinal);

            // It waits for the budget, and goes on by itself.
            using var draining = new Background(Sandbox.Engine.Start($"Suspend-HomelabNode {node} -Drain -TimeoutSeconds 120"));
            Thread.Sleep(1000);
            api.Send(HttpMethod.Delete, $"{Budgets}/{name}");
            draining.WaitFor("Schedulable", "False");
            Assert.DoesNotContain(Pods(node), pod => pod.StartsWith($"default/{name}", StringComparison.Ordinal));
        }
        finally
        {
            Run("$null = Resume-HomelabNode * -WarningAction Ignore");
            api.Send(HttpMethod.Delete, $"/apis/apps/v1/namespaces/default/deployments/{name}");
        }
    }

    [Fact]
    public void Ctrl_C_leaves_the_node_cordoned_and_says_so()
    {
        var host = new WarningHost();
        using var engine = new Testing.Engine(host: host);
        using var api = new SandboxApi(Sandbox);
        var name = Guarded(api);
        try
        {
            var node = Until($"(Get-HomelabPod default/{name}-* | Where-Object Ready).Node");
            var config = Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single();
            using var shell = engine.Start($"Suspend-HomelabNode {node} -Drain -KubeConfig '{config}'");
            shell.BeginInvoke();
            Until($"Get-HomelabNode {node} | Where-Object Schedulable -EQ $false | ForEach-Object Name");
            Until($"if (-not (Get-HomelabPod -Node {node} | Where-Object {{ $_.App -ne '{name}' -and $_.Owner.Kind -ne 'DaemonSet' }})) {{ 'only one is left' }}");
            var clock = Stopwatch.StartNew();
            shell.Stop();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
            Assert.True(SpinWait.SpinUntil(() => host.Warnings.Any(text => text.Contains("stays cordoned", StringComparison.Ordinal) && text.Contains(name, StringComparison.Ordinal)), TimeSpan.FromSeconds(90)), string.Join('\n', host.Warnings));
            Assert.Equal(["False"], Run($"(Get-HomelabNode {node}).Schedulable").ThrowIfFailed().Strings);
        }
        finally
        {
            api.Send(HttpMethod.Delete, $"{Budgets}/{name}");
            api.Send(HttpMethod.Delete, $"/apis/apps/v1/namespaces/default/deployments/{name}");
        }
    }

    [Fact]
    public void An_eviction_that_is_not_allowed_is_told_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        var server = File.ReadLines(Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!).Single(line => line.Contains("server: ", StringComparison.Ordinal)).Split(": ")[1].Trim('"', ' ');
        using var proxy = new RefusingProxy(server, (method, path) => method == "POST" && path.EndsWith("/eviction", StringComparison.Ordinal));

        var result = Run($"Suspend-HomelabNode k3s-w2 -Drain -TimeoutSeconds 60 -KubeConfig '{folder.File("config", KubeConfigs.Of(proxy.Address))}'");

        Assert.Equal("NodeDrainFailed", Assert.Single(result.ErrorIds));
        Assert.Contains("forbidden: as the test says", result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["False"], Run("(Get-HomelabNode k3s-w2).Schedulable").ThrowIfFailed().Strings);

        // Nothing but the cordon was done. Pods that an earlier drain has ended may go meanwhile, so they are not counted.
        string[] lines = Journal().Split('\n');
        Assert.Single(lines, line => line.Contains("\"state\":\"Done\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"change\":\"Evict\"", StringComparison.Ordinal) && line.Contains("\"state\":\"Failed\"", StringComparison.Ordinal));
    }

    [Fact]
    public void What_nothing_makes_anew_is_evicted_only_with_Force()
    {
        using var api = new SandboxApi(Sandbox);
        var name = Name("bare");
        api.Send(HttpMethod.Post, Space + "/pods", $$"""{"metadata":{"name":"{{name}}"},"spec":{"nodeName":"k3s-cp1","terminationGracePeriodSeconds":1,"volumes":[{"name":"scratch","emptyDir":{} },{"name":"host","hostPath":{"path":"/var/log"} }],"containers":[{"name":"main","image":"docker.io/library/busybox:1.36","command":["sleep","600"]}]} }""");
        Until($"Get-HomelabPod default/{name} | Where-Object Ready | ForEach-Object Name");

        var refused = Run("Suspend-HomelabNode k3s-cp1 -Drain");
        Assert.Equal("NodeDrainBare", Assert.Single(refused.ErrorIds));
        Assert.Contains($"default/{name}", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["True"], Run("(Get-HomelabNode k3s-cp1).Schedulable").ThrowIfFailed().Strings);

        var forced = Run("Suspend-HomelabNode k3s-cp1 -Drain -Force -TimeoutSeconds 120").ThrowIfFailed();
        Assert.All(["emptyDir", "folders of", "Nothing makes"], word => Assert.Contains(forced.Warnings, text => text.Contains(word, StringComparison.Ordinal) && text.Contains(name, StringComparison.Ordinal)));
        Assert.Empty(Run($"Get-HomelabPod default/{name}* | ForEach-Object Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void The_last_node_that_takes_pods_needs_Force()
    {
        Run("$null = Suspend-HomelabNode k3s-cp1, k3s-w1").ThrowIfFailed();
        Assert.Equal(["NodeLastSchedulable"], Run("Suspend-HomelabNode k3s-w2").ErrorIds);
        Assert.Equal(["False"], Run("(Suspend-HomelabNode k3s-w2 -Force).Schedulable").ThrowIfFailed().Strings);
    }

    [Fact]
    public void The_taint_of_a_fenced_node_is_taken_away_only_on_request()
    {
        using var api = new SandboxApi(Sandbox);
        api.Send(HttpMethod.Patch, "/api/v1/nodes/k3s-cp1", """{"spec":{"taints":[{"key":"node.kubernetes.io/out-of-service","value":"nodeshutdown","effect":"NoSchedule"},{"key":"mine","effect":"PreferNoSchedule"}]} }""");
        var left = Run("Resume-HomelabNode k3s-cp1").ThrowIfFailed();
        Assert.Contains("-RemoveTaint", Assert.Single(left.Warnings), StringComparison.Ordinal);
        Assert.Equal(["mine:PreferNoSchedule"], Run("(Resume-HomelabNode k3s-cp1 -RemoveTaint).Taints | ForEach-Object { \"$_\" }").ThrowIfFailed().Strings);
        api.Send(HttpMethod.Patch, "/api/v1/nodes/k3s-cp1", """{"spec":{"taints":null} }""");
    }

    [Theory]
    [InlineData("Suspend-HomelabNode", "NameRequired")]
    [InlineData("Suspend-HomelabNode none", "NodeNotFound")]
    [InlineData("Resume-HomelabNode", "NameRequired")]
    [InlineData("Resume-HomelabNode none", "NodeNotFound")]
    public void What_cannot_be_meant_is_refused(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    [Fact]
    public void Other_records_are_left_out_with_a_warning()
    {
        var result = Run("Get-HomelabPod -Namespace kube-system | Suspend-HomelabNode").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.NotEmpty(result.Warnings);
    }

    // An application with one pod, which its budget does not let go.
    private static string Guarded(SandboxApi api)
    {
        var name = Name("guarded");
        api.Send(HttpMethod.Post, Budgets, $$"""{"metadata":{"name":"{{name}}"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"{{name}}"} } } }""");
        api.Send(HttpMethod.Post, "/apis/apps/v1/namespaces/default/deployments", $$"""{"metadata":{"name":"{{name}}"},"spec":{"selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"docker.io/library/busybox:1.36","command":["sleep","600"]}]} } } }""");
        return name;
    }

    private static string Name(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 7)];

    private static bool IsOfDaemonSet(string pod) => pod.EndsWith("DaemonSet", StringComparison.Ordinal);

    private List<string> Pods(string node) => [.. Run($"Get-HomelabPod -Node {node} | ForEach-Object {{ \"$($_.Namespace)/$($_.Name)/$($_.Owner.Kind)\" }}").ThrowIfFailed().Strings.OfType<string>()];
}
