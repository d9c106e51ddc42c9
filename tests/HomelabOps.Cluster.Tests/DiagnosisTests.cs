namespace HomelabOps.Cluster.Tests;

/// <summary>Test-Homelab on the embedded homelab, as it is and after a commit that nobody should have made.</summary>
[Collection(nameof(Alone))]
public sealed class DiagnosisTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Manifest = "clusters/homelab/apps/media/sonarr/deployment.yaml";
    private const string Line = "          envFrom: [{configMapRef: {name: sonarr-settings}}]\n";

    [Fact]
    public void One_that_is_well_has_no_finding_and_a_missing_ConfigMap_is_one_with_all_that_comes_from_it()
    {
        Until("Test-Homelab | ForEach-Object { \"$_\" }");
        Assert.Equal([true], Run("Test-Homelab -Quiet").ThrowIfFailed().Output.Select(item => item.BaseObject));

        HomelabClone.Edit(sandbox, Manifest, text => text.Insert(text.IndexOf("          image:", StringComparison.Ordinal), Line));
        Until("(Test-Homelab -Area Pod,Flux).Reason", "ConfigMapMissing");

        var finding = Assert.Single(Run("Test-Homelab").ThrowIfFailed().Output);
        Assert.Equal(("Pod", "Error", "Deployment/media/sonarr"), ($"{finding.Properties["Area"].Value}", $"{finding.Properties["Severity"].Value}", $"{finding.Properties["Target"].Value}"));
        Assert.Null(finding.Properties["RootCause"].Value);
        Assert.Contains("sonarr-settings", (string)finding.Properties["Message"].Value, StringComparison.Ordinal);
        Assert.Equal([false], Run("Test-Homelab -Quiet").ThrowIfFailed().Output.Select(item => item.BaseObject));
        Assert.Equal([false, true], Run("Test-Homelab sonarr -Quiet; Test-Homelab radarr -Quiet").ThrowIfFailed().Output.Select(item => item.BaseObject));
        Assert.Equal(["ConfigMapMissing"], Run("Get-HomelabApp sonarr | Test-Homelab | ForEach-Object Reason").ThrowIfFailed().Strings);

        // Where the root was not asked for, what comes from it names it.
        Until("Test-Homelab -Area Network | ForEach-Object { \"$($_.Target) $($_.RootCause)\" }", "Service/media/sonarr Deployment/media/sonarr");
        Assert.Contains("Service/media/sonarr", Run("Test-Homelab -IncludeConsequence | ForEach-Object { \"$($_.Target)\" }").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Test-Homelab nope -Quiet")]
    [InlineData("'media/nope' | Test-Homelab -Quiet")]
    public void A_name_that_nothing_has_is_not_well(string script)
    {
        var result = Run(script);
        Assert.Equal(["AppNotFound"], result.ErrorIds);
        Assert.Equal([false], result.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public void Names_with_wildcards_and_of_what_Flux_has_may_mean_nothing() => Assert.Empty(Run("Test-Homelab nope*, tautulli, prowlarr -Area Certificate").ThrowIfFailed().Output);

    [Fact]
    public void No_pod_that_looked_at_a_node_is_left()
    {
        Run("$null = Test-Homelab -Area Mount, Network").ThrowIfFailed();
        Assert.Empty(Run("Get-HomelabPod -Namespace kube-system homelabops-* | ForEach-Object Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Areas_without_mounts_make_no_pod()
    {
        var journal = Run("Get-HomelabEvent -Namespace kube-system | Where-Object { \"$($_.Target)\" -like '*homelabops-*' } | ForEach-Object Reason").ThrowIfFailed().Strings.Count();
        Run("$null = Test-Homelab -Area Pod, Volume").ThrowIfFailed();
        Assert.Equal(journal, Run("Get-HomelabEvent -Namespace kube-system | Where-Object { \"$($_.Target)\" -like '*homelabops-*' } | ForEach-Object Reason").ThrowIfFailed().Strings.Count());
    }

    [Fact]
    public void What_comes_and_goes_is_told_until_it_is_stopped()
    {
        var config = Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single();
        using var engine = new Testing.Engine();
        using var watching = new Background(engine.Start($"Test-Homelab -Watch -Area Cluster -KubeConfig '{config}'"));
        try
        {
            Run("$null = Suspend-HomelabNode k3s-cp1").ThrowIfFailed();
            var finding = watching.WaitFor("Reason", "NodeCordoned");
            Assert.False((bool)finding.Properties["Gone"].Value);
        }
        finally
        {
            Run("$null = Resume-HomelabNode k3s-cp1").ThrowIfFailed();
        }

        var gone = watching.WaitFor("Gone", "True");
        Assert.Equal(("NodeCordoned", "k3s-cp1"), ((string)gone.Properties["Reason"].Value, (string)gone.Properties["Name"].Value));
        Assert.StartsWith("Node/k3s-cp1: Gone: ", $"{gone}", StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_while_it_watches_leaves_no_pod()
    {
        const string probes = "Get-HomelabPod -Namespace kube-system homelabops-* -ErrorAction Ignore | ForEach-Object Name";
        var config = Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single();
        using var engine = new Testing.Engine();
        using var shell = engine.Start($"Test-Homelab -Watch -Area Network -KubeConfig '{config}'");
        var running = shell.BeginInvoke();
        Assert.True(SpinWait.SpinUntil(() => Run(probes).Strings.Any(), TimeSpan.FromMinutes(3)), "no node was looked at");
        Assert.False(running.IsCompleted);
        shell.Stop();
        Until(probes);
    }

    [Fact]
    public void A_cluster_that_could_not_be_tested_is_not_well()
    {
        using var folder = new TemporaryFolder();
        var server = Run("(Get-HomelabConnection).Server").ThrowIfFailed().Strings.Single()!;
        var file = folder.File("config", $"{{apiVersion: v1, kind: Config, contexts: [{{name: one, context: {{cluster: one, user: u}}}}, {{name: two, context: {{cluster: two, user: u}}}}], clusters: [{{name: one, cluster: {{server: '{server}'}}}}, {{name: two, cluster: {{server: 'http://127.0.0.1:1'}}}}], users: [{{name: u, user: {{token: wrong}}}}]}}");
        var result = Run($"Test-Homelab -KubeConfig '{file}' -Context one, two -Area Pod -Quiet");
        Assert.Equal([false], result.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public void A_finding_leads_to_what_it_is_about()
    {
        const string finding = "[HomelabOps.HomelabFinding]@{Target = [HomelabOps.ResourceReference]::new((Get-HomelabConnection).Name, 'Deployment', 'media', 'sonarr')}";
        Assert.Equal(["sonarr"], Run($"({finding} | Get-HomelabApp).Name").ThrowIfFailed().Strings);
    }

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);

    private void Until(string script, params string[] expected)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(120);
        IReadOnlyList<string?> found;
        while (!(found = [.. Run(script).ThrowIfFailed().Strings]).SequenceEqual(expected) && DateTime.UtcNow < end)
        {
            Thread.Sleep(250);
        }

        Assert.Equal(expected, found);
    }
}
