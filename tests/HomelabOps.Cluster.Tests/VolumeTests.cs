namespace HomelabOps.Cluster.Tests;

/// <summary>Claims and volumes of the embedded homelab.</summary>
public sealed class VolumeTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void A_claim_comes_with_its_volume_node_path_and_pods()
    {
        var volume = Run("Get-HomelabVolume pvc-sonarr").ThrowIfFailed().Output.Single();
        object? Of(string property) => volume.Properties[property].Value;
        Assert.Equal(("PersistentVolumeClaim", "media", "pvc-sonarr", "sonarr", "Bound", true), (Of("Kind"), Of("Namespace"), Of("Claim"), Of("App"), Of("Phase"), Of("Healthy")));
        Assert.Equal(("pv-sonarr-primary", "k3s-w1", "", 5L << 30, 5L << 30, "Retain"), (Of("Volume"), Of("Node"), Of("Class"), Of("Capacity"), Of("Request"), Of("ReclaimPolicy")));
        Assert.Equal(["True", "/data/pods/sonarr", "True"], Run("$v = Get-HomelabVolume pvc-sonarr; \"$($v.Pods)\" -match 'Pod/media/sonarr-'; $v.Path; $v.Used -gt 0").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_backup_belongs_to_the_application_as_well_although_only_a_mover_mounts_it() =>
        Assert.Equal(["pvc-sonarr", "pvc-sonarr-backup"], Run("Get-HomelabVolume -App sonarr | ForEach-Object Claim").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-HomelabPod -Namespace media -App sonarr", "pvc-sonarr")]
    [InlineData("Get-HomelabObject PersistentVolumeClaim/media/pvc-sonarr", "pvc-sonarr")]
    [InlineData("Get-HomelabObject PersistentVolume/pv-sonarr-backup", "pvc-sonarr-backup")]
    [InlineData("Get-HomelabVolume pvc-sonarr", "pvc-sonarr")]
    [InlineData("'PersistentVolume/pv-sonarr-backup'", "pvc-sonarr-backup")]
    public void What_has_to_do_with_storage_leads_to_it(string script, string claim)
    {
        Assert.Equal([claim], Run($"{script} | Get-HomelabVolume | ForEach-Object Claim").ThrowIfFailed().Strings);
        Assert.Equal([$"{claim} True "], Run($"{script} | Test-PvcBinding | ForEach-Object {{ \"$($_.Name) $($_.Healthy) $($_.Reason)\" }}").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Applications_and_nodes_lead_to_what_is_theirs()
    {
        Assert.Contains("pvc-sonarr-backup", Run("Get-HomelabApp sonarr | Get-HomelabVolume | ForEach-Object Claim").ThrowIfFailed().Strings);
        Assert.All(Run("Get-HomelabNode k3s-w2 | Get-HomelabVolume | ForEach-Object Node").ThrowIfFailed().Strings, node => Assert.Equal("k3s-w2", node));
    }

    [Fact]
    public void No_claim_of_a_homelab_that_is_well_is_reported()
    {
        // The last ones are bound just after the start.
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(3);
        IReadOnlyList<System.Management.Automation.PSObject> reported;
        while ((reported = Run("Test-PvcBinding | Where-Object { -not $_.Healthy -or $_.Reason -or $_.Candidates.Count -or -not $_.Bound }").ThrowIfFailed().Output).Count > 0 && DateTime.UtcNow < end)
        {
            Thread.Sleep(200);
        }

        Assert.Empty(reported);
    }

    // Nothing mounts the backup claim of tautulli before a move.
    [Fact]
    public void Folders_that_no_pod_has_had_yet_are_told_when_they_are_looked_for() => Assert.Equal(
        ["pvc-sonarr ", "pvc-sonarr-backup ", "pvc-tautulli-backup PathMissing"],
        Run("Test-PvcBinding pvc-sonarr*, pvc-tautulli-backup -CheckPath | ForEach-Object { \"$($_.Name) $($_.Reason)\" }").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-HomelabVolume none", "VolumeNotFound")]
    [InlineData("Get-HomelabVolume -App none", "AppNotFound")]
    [InlineData("Get-HomelabVolume -Namespace none", "NamespaceNotFound")]
    [InlineData("Test-PvcBinding pvc-none", "VolumeNotFound")]
    [InlineData("'PersistentVolume/none' | Test-PvcBinding", "VolumeNotFound")]
    [InlineData("Test-PvcBinding -CheckPath -ProbeNamespace none", "NamespaceNotFound")]
    [InlineData("'a/b/c/d' | Get-HomelabVolume", "NotAReference")]
    public void What_is_not_there_is_an_error(string script, string id) =>
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    [Fact]
    public void A_record_of_something_else_is_a_warning() => Assert.Single(Run("Get-FluxKustomization apps -Namespace flux-system | Get-HomelabVolume").ThrowIfFailed().Warnings);

    [Fact]
    public void Views_show_claim_and_phase()
    {
        var shown = Run("$v = Get-HomelabVolume pvc-sonarr; [HomelabOps.Display]::Claim($v); [HomelabOps.Display]::Status($v); [HomelabOps.Display]::Status((Test-PvcBinding pvc-sonarr))").ThrowIfFailed().Strings.ToList();
        Assert.Equal("media/pvc-sonarr", shown[0]);
        Assert.All(shown.Skip(1), text => Assert.Contains("Bound", text, StringComparison.Ordinal));
    }

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
