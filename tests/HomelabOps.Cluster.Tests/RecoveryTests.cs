using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Drills and recoveries as a user gives them, on the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class RecoveryTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    [Fact]
    public void A_drill_breaks_the_homelab_that_one_is_connected_to_and_mends_it()
    {
        Assert.Empty(Run("Invoke-HomelabDrill * -WhatIf").ThrowIfFailed().Output);
        var result = Run("Invoke-HomelabDrill BuildError").ThrowIfFailed().Output.Single();
        Assert.Equal((true, true, true), (result.Properties["Detected"].Value, result.Properties["Recovered"].Value, result.Properties["Passed"].Value));
        Assert.Equal(["Look", "Break", "Detect", "Revert", "Verify"], Run("(Invoke-HomelabDrill BuildError).Steps | ForEach-Object { $_.Name }").ThrowIfFailed().Strings);
        Assert.Equal("DrillUnknown", Id("Invoke-HomelabDrill Meteorite"));

        // What it changed is over with it, and no undo finds it.
        Assert.True(IsUntouched);
    }

    [Fact]
    public void A_failover_is_rehearsed_on_a_copy_of_the_connected_cluster_which_stays_as_it_is()
    {
        var repository = Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;
        var tips = HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main");
        Assert.Empty(Run("Invoke-HomelabDrill -FromCluster -WhatIf").ThrowIfFailed().Output);
        Assert.Equal("DrillNotOnCopy", Id("Invoke-HomelabDrill NfsStale -FromCluster"));
        Assert.Equal("DrillUnknown", Id("Invoke-HomelabDrill Meteorite -FromCluster"));
        Assert.Equal("DrillNothingToRehearse", Id("Invoke-HomelabDrill -FromCluster -App nothing-*"));

        Assert.Equal(
            ["media/sonarr", "True", "", "Look, Break, Detect, Failover, ByHand, Failback, Verify"],
            Run("$copied = Invoke-HomelabDrill ManualFailover -FromCluster -App sonarr; \"$($copied.App)\"; \"$($copied.Passed)\"; \"$($copied.Message)\"; ($copied.Steps | ForEach-Object { $_.Name }) -join ', '").ThrowIfFailed().Strings);
        Assert.Equal(tips, HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main"));
        Assert.Equal("k3s-w1", Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings.Single());
        Assert.True(IsUntouched);
    }

    // Such as those of an extension API server.
    [Fact]
    public void Kinds_that_a_copy_does_not_have_are_told()
    {
        var (config, repository) = (Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!, Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!);
        var server = File.ReadLines(config).Single(line => line.Contains("server: ", StringComparison.Ordinal)).Split(": ")[1].Trim('"', ' ');
        using var proxy = new RefusingProxy(server, (_, _) => false, (path, body) => path switch
        {
            "/apis" => WithThings(body),
            "/apis/example.org/v1/things" => Encoding.UTF8.GetBytes("""{"kind": "ThingList", "apiVersion": "example.org/v1", "metadata": {"resourceVersion": "1"}, "items": [{"metadata": {"name": "one", "namespace": "media", "uid": "u"}}]}"""),
            _ => null,
        });
        using var folder = new TemporaryFolder();
        using var engine = new Engine();
        engine.Run("$null = Connect-Homelab $config -Repository $repository", ("config", folder.File("config", KubeConfigs.Of(proxy.Address))), ("repository", repository)).ThrowIfFailed();
        var result = engine.Run("(Invoke-HomelabDrill ManualFailover -FromCluster -App sonarr).Passed").ThrowIfFailed();
        Assert.Equal(["True"], result.Strings);
        Assert.Single(result.Warnings, warning => $"{warning}".Contains("things.example.org", StringComparison.Ordinal));
        engine.Run("$null = Disconnect-Homelab").ThrowIfFailed();

        static byte[] WithThings(byte[] body)
        {
            var list = JsonNode.Parse(body)!;
            list["items"]!.AsArray().Add(JsonNode.Parse("""{"metadata": {"name": "example.org"}, "versions": [{"version": "v1", "freshness": "Current", "resources": [{"resource": "things", "responseKind": {"group": "example.org", "version": "v1", "kind": "Thing"}, "scope": "Namespaced", "singularResource": "thing", "verbs": ["create", "get", "list"]}]}]}"""));
            return Encoding.UTF8.GetBytes(list.ToJsonString());
        }
    }

    [Fact]
    public void What_Git_would_not_bring_back_is_told()
    {
        var found = Run("Test-HomelabRecovery").ThrowIfFailed().Output.Single();
        Assert.Equal((false, Run("(Get-HomelabConnection).Name").ThrowIfFailed().Strings.Single()), (found.Properties["Ready"].Value, found.Properties["Cluster"].Value));
        Assert.Equal(["k3s-w1: role=primary", "k3s-w2: role=backup"], Run("((Test-HomelabRecovery).Gates | Where-Object Name -EQ Nodes).Items").ThrowIfFailed().Strings);
        Assert.True(IsUntouched);
    }

    [Fact]
    public void A_cluster_is_not_led_elsewhere_without_being_asked_for()
    {
        // The embedded Flux reads a folder, where its manifest has a host of the home network.
        Assert.Equal("RecoveryForeignFlux", Id("Restore-HomelabCluster -WhatIf"));
        Assert.Equal("PathNotFound", Id("Restore-HomelabCluster -KeyFile /nowhere/key -Force -WhatIf"));
        Assert.Equal("PathNotFound", Id("Restore-HomelabCluster -CertificateAuthorityFile /nowhere/ca.pem -Force -WhatIf"));
        Assert.Equal("RecoveryPathUnknown", Id("Restore-HomelabCluster -Path clusters/none -WhatIf"));
        Assert.Equal("RecoveryKeyInRepository", Id("Restore-HomelabCluster -KeyFile (\"$((Get-HomelabConnection).Repository)/README.md\") -WhatIf"));
        Assert.True(IsUntouched);
    }

    // Every k3s calls its context default, and the way back is long.
    [Fact]
    public async Task It_is_said_which_server_would_be_led()
    {
        var result = await ConsoleProcess.RunForAsync(
            TimeSpan.FromMinutes(3),
            "$server = (Connect-Homelab -Sandbox).Server; Restore-HomelabCluster -Force -WhatIf; \"$($server.Host):$($server.Port)\"",
            TestContext.Current.CancellationToken,
            ("HOMELABOPS_STATE", State));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains($" at {result.Lines[^1]} back from ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Give -Credential with user and token", result.Output + result.Error, StringComparison.Ordinal);
    }
}
