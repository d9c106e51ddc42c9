namespace HomelabOps.Cluster.Tests;

/// <summary>Restarting Syncthings of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class SyncthingRestartTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{

    // The pods of Jobs come and go by themselves: movers run on their schedules.
    private const string Pods = "Get-HomelabPod -Namespace media | Where-Object { $_.Owner.Kind -ne 'Job' } | ForEach-Object Name";
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void One_side_gets_a_new_pod_and_nobody_else_does()
    {
        var before = Run(Pods).ThrowIfFailed().Strings.ToArray();
        var restart = Run("Restart-SyncthingReplication sonarr-backup -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        var after = Run(Pods).ThrowIfFailed().Strings.ToArray();
        Assert.Equal(("sonarr", "Destination", false, true), (restart.Properties["App"].Value, $"{restart.Properties["Role"].Value}", restart.Properties["Reconciled"].Value, restart.Properties["Healthy"].Value));
        Assert.Equal(before.Except(after), (IReadOnlyList<string>)restart.Properties["PodsDeleted"].Value);
        Assert.Equal(after.Except(before), (IReadOnlyList<string>)restart.Properties["PodsReady"].Value);
        Assert.Contains("\"change\":\"Delete\"", string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_of_an_application_are_restarted_and_Flux_reconciles_afterwards()
    {
        var all = Run("Restart-SyncthingReplication -App radarr -Reconcile -TimeoutSeconds 120").ThrowIfFailed().Output;
        Assert.Equal(["Destination", "Source"], all.Select(item => $"{item.Properties["Role"].Value}"));
        Assert.All(all, item => Assert.Equal((true, true), (item.Properties["Reconciled"].Value, item.Properties["Healthy"].Value)));
    }

    [Fact]
    public void A_role_or_a_selector_narrows_it()
    {
        Assert.Equal(["plex-primary"], Run("(Restart-SyncthingReplication -App plex -Role Source -TimeoutSeconds 120).Name").ThrowIfFailed().Strings);
        Assert.Equal(["plex-backup"], Run("(Restart-SyncthingReplication -Selector app.kubernetes.io/name=plex-backup -TimeoutSeconds 120).Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void WhatIf_deletes_nothing()
    {
        var before = Run(Pods).ThrowIfFailed().Strings.ToArray();
        Assert.Empty(Run("Restart-SyncthingReplication * -Reconcile -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, Run(Pods).ThrowIfFailed().Strings);
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Theory]
    [InlineData("Restart-SyncthingReplication", "NameRequired")]
    [InlineData("Restart-SyncthingReplication none", "ReplicationNotFound")]
    [InlineData("Restart-SyncthingReplication -App prowlarr", "ReplicationNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
