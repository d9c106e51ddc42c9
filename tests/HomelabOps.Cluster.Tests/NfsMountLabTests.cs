using System.Diagnostics;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace HomelabOps.Cluster.Tests;

/// <summary>Probe pods on real kubelets, and a mount that truly hangs.</summary>
[Collection(nameof(Alone))]
public sealed class NfsMountLabTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    // Others may look at the nodes at the same time.
    private string Probes => $"Get-HomelabPod -Namespace {_space.Name} -Selector app.kubernetes.io/name=homelabops-probe";

    [Fact]
    public void A_mount_that_hangs_is_told_and_the_other_node_is_well()
    {
        var path = $"/srv/{_space.Name}";
        using var hung = new FuseMount("k3s-w1", path);
        using var well = new FuseMount("k3s-w2", path);
        hung.Hang();
        var clock = Stopwatch.StartNew();

        var found = Run($"Test-NfsMount -Path {path} -ProbeTimeoutSeconds 12 -ProbeNamespace {_space.Name}").ThrowIfFailed().Output.ToDictionary(status => (string)status.Properties["Node"].Value);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"{clock.Elapsed}");
        Assert.Equal(("Hung", "Mounted"), (State(found["k3s-w1"]), State(found["k3s-w2"])));
        Assert.Equal(("fuse", 2), (found["k3s-w2"].Properties["FileSystem"].Value, found["k3s-w2"].Properties["Entries"].Value));
        Assert.Empty(Run(Probes).ThrowIfFailed().Output);
    }

    [Fact]
    public void Pods_that_hold_what_was_mounted_before_are_named()
    {
        var path = $"/srv/{_space.Name}";
        NodeShell.Run("k3s-w1", $"mkdir -p {path}");
        AddReader("holder", path);
        using (new FuseMount("k3s-w1", path))
        {
            AddReader("reader", path);
            var status = Run($"Test-NfsMount k3s-w1 -Path {path} -ProbeTimeoutSeconds 60").ThrowIfFailed().Output.Single();
            Assert.Equal(("Mounted", $"Pod/{_space.Name}/holder"), (State(status), string.Join(' ', (IEnumerable<object>)status.Properties["AffectedPods"].Value)));
        }
    }

    [Fact]
    public void Ctrl_C_leaves_no_pod_and_what_a_killed_process_left_is_removed()
    {
        AddProbe("left", deadline: 1);
        AddProbe("living", deadline: 600);
        Assert.True(StopAfter(TimeSpan.FromSeconds(1.5), $"Invoke-HomelabNode k3s-w* -Command 'sleep 100' -ProbeNamespace {_space.Name}") < TimeSpan.FromSeconds(2));

        // The server's clock has whole seconds, so the first run after the deadline may be too early for it.
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string?> left;
        do
        {
            Run($"$null = Test-NfsMount k3s-w1 -Path / -ProbeNamespace {_space.Name}").ThrowIfFailed();
            left = Run($"({Probes}).Name").ThrowIfFailed().Strings.ToList();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), string.Join(' ', left));
        }
        while (!left.SequenceEqual(["homelabops-probe-living"]));
    }

    [Fact]
    public void Who_may_not_create_pods_is_told_which_right_is_missing()
    {
        using var folder = new TemporaryFolder();
        _space.Send(HttpMethod.Post, Roles("clusterroles"), $$"""{"kind":"ClusterRole","metadata":{"name":"{{_space.Name}}"},"rules":[{"apiGroups":[""],"resources":["nodes","pods","persistentvolumes"],"verbs":["list","watch"]}]}""");
        _space.Send(HttpMethod.Post, Roles("clusterrolebindings"), $$"""{"kind":"ClusterRoleBinding","metadata":{"name":"{{_space.Name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{_space.Name}}"},"subjects":[{"kind":"User","name":"{{_space.Name}}"}]}""");
        try
        {
            var file = folder.File("limited", Regex.Replace(File.ReadAllText(Lab.KubeConfig), @"^(?<indent> +)token:.*$", $"$0\n${{indent}}as: {_space.Name}", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
            var error = Assert.Single(Run("Test-NfsMount -KubeConfig $file", ("file", file)).Errors);
            Assert.StartsWith("AccessDenied,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("create pods", $"{error}", StringComparison.Ordinal);
        }
        finally
        {
            _space.Send(HttpMethod.Delete, $"{Roles("clusterrolebindings")}/{_space.Name}");
            _space.Send(HttpMethod.Delete, $"{Roles("clusterroles")}/{_space.Name}");
        }
    }

    [Fact]
    public void An_image_that_cannot_be_had_is_a_reason_and_no_error()
    {
        var found = Run($"Test-NfsMount -Image localhost/none:1 -Path / -ProbeNamespace {_space.Name}").ThrowIfFailed().Output.ToList();
        Assert.Equal(["Unreachable", "Unreachable"], found.Select(State));
        Assert.All(found, status => Assert.Contains("localhost/none:1", (string)status.Properties["Message"].Value, StringComparison.Ordinal));
        Assert.Equal("NodeUnreachable", Assert.Single(Run("Invoke-HomelabNode k3s-w1 -Command date -Image localhost/none:1").Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(Run(Probes).ThrowIfFailed().Output);
    }

    [Fact]
    public void Commands_run_on_the_node_itself()
    {
        var result = Run("Invoke-HomelabNode k3s-w2 -Command 'cat /host/etc/hostname; touch /host/never; exit 4'").ThrowIfFailed().Output.Single();
        Assert.Equal(("k3s-w2", 4), (result.Properties["Output"].Value, result.Properties["ExitCode"].Value));
        Assert.Contains("Read-only", (string)result.Properties["Error"].Value, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    private static string Roles(string plural) => $"/apis/rbac.authorization.k8s.io/v1/{plural}";

    private static string State(PSObject status) => $"{status.Properties["State"].Value}";

    private void AddReader(string name, string path)
    {
        _space.Send(HttpMethod.Post, _space.Pods, $$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}"},"spec":{"nodeName":"k3s-w1","terminationGracePeriodSeconds":0,
             "containers":[{"name":"main","image":"docker.io/library/busybox:1.36","command":["sleep","600"],"volumeMounts":[{"name":"data","mountPath":"/data"}]}],
             "volumes":[{"name":"data","hostPath":{"path":"{{path}}"} }]} }
            """);
        var clock = Stopwatch.StartNew();
        while (Run($"(Get-HomelabPod {_space.Name}/{name}).Ready").Strings.SingleOrDefault() != "True")
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "the pod did not start");
            Thread.Sleep(200);
        }
    }

    // As a process that was killed leaves them.
    private void AddProbe(string name, int deadline) => _space.Send(HttpMethod.Post, _space.Pods, $$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"homelabops-probe-{{name}}","labels":{"app.kubernetes.io/name":"homelabops-probe","homelabops.github.io/run":"other"} },
         "spec":{"nodeName":"k3s-w1","activeDeadlineSeconds":{{deadline}},"restartPolicy":"Never","terminationGracePeriodSeconds":0,
         "containers":[{"name":"probe","image":"docker.io/library/busybox:1.36","command":["sleep","600"]}]} }
        """);
}
