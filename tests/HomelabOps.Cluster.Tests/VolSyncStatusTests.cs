namespace HomelabOps.Cluster.Tests;

/// <summary>VolSync's replications in the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class VolSyncStatusTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void Every_mover_is_there_with_its_application_and_both_ends()
    {
        var all = sandbox.Run("foreach ($i in 1..200) { $all = @(Get-VolSyncStatus); if (-not ($all | Where-Object { $_.Method -ne 'restic' -and -not $_.Healthy })) { break }; [Threading.Thread]::Sleep(300) }; $all | ForEach-Object { \"$($_.App) $($_.Method) $($_.SourcePvc) $($_.DestinationPvc) $($_.Healthy) $($_.Partner)\" }").ThrowIfFailed().Strings.ToArray();
        Assert.Contains("sonarr syncthing pvc-sonarr pvc-sonarr-backup True ReplicationSource/media/sonarr-backup", all);
        Assert.Contains("sonarr syncthing pvc-sonarr-backup pvc-sonarr True ReplicationSource/media/sonarr-primary", all);
        Assert.Contains("prowlarr rsyncTLS pvc-prowlarr pvc-prowlarr-backup True ReplicationDestination/media/prowlarr-backup", all);
        Assert.Contains("prowlarr rsyncTLS pvc-prowlarr pvc-prowlarr-backup True ReplicationSource/media/prowlarr-primary", all);
        Assert.Contains(all, line => line!.StartsWith("postgres restic pvc-postgres ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_Syncthing_is_connected_and_has_no_time_of_a_last_sync() =>
        Assert.Equal(["Connected", "True", "", "", ""], sandbox.Run("foreach ($i in 1..200) { $r = Get-VolSyncStatus sonarr-primary; if ($r.Healthy) { break }; [Threading.Thread]::Sleep(300) }; $r.State; $r.Healthy; \"$($r.LastSync)\"; \"$($r.NextSync)\"; \"$($r.Lag)\"").ThrowIfFailed().Strings);

    [Fact]
    public void A_schedule_has_a_next_time_and_a_lag() =>
        Assert.Equal(["True", "True", "*/15 * * * *"], sandbox.Run("foreach ($i in 1..200) { $r = Get-VolSyncStatus prowlarr-primary; if ($r.LastSync) { break }; [Threading.Thread]::Sleep(300) }; $r.NextSync -gt $r.LastSync; $r.Lag -gt [timespan]::Zero; $r.Schedule").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-VolSyncStatus -App sonarr")]
    [InlineData("Get-VolSyncStatus -App media/sonarr")]
    [InlineData("Get-VolSyncStatus -App (Get-HomelabApp sonarr)")]
    [InlineData("Get-VolSyncStatus sonarr-*")]
    [InlineData("Get-HomelabApp sonarr | Get-VolSyncStatus")]
    [InlineData("'media/sonarr-primary', 'media/sonarr-backup' | Get-VolSyncStatus")]
    [InlineData("Get-VolSyncStatus sonarr-* | Get-VolSyncStatus")]
    [InlineData("(Get-VolSyncStatus -App sonarr).Pods | Get-VolSyncStatus")]
    [InlineData("Get-HomelabPod -App sonarr | Get-VolSyncStatus")]
    [InlineData("(Get-HomelabApp sonarr).Replications | Get-VolSyncStatus")]
    public void What_belongs_to_it_leads_to_it(string script) =>
        Assert.Equal(["sonarr-backup", "sonarr-primary"], sandbox.Run($"{script} | ForEach-Object Name").ThrowIfFailed().Strings.Order());

    [Fact]
    public void What_is_not_replicated_gives_nothing() => Assert.Empty(sandbox.Run("Get-HomelabApp coredns | Get-VolSyncStatus").ThrowIfFailed().Output);

    [Fact]
    public void The_pods_of_the_mover_are_those_that_kubectl_shows() =>
        Assert.Equal(["True", "True"], sandbox.Run("$r = Get-VolSyncStatus sonarr-primary; $r.Pods.Count -eq 1; $r.Pods[0].Name -like 'volsync-sonarr-primary-*'").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-VolSyncStatus none", "ReplicationNotFound")]
    [InlineData("Get-VolSyncStatus -App none", "ReplicationNotFound")]
    [InlineData("Get-VolSyncStatus -Namespace none", "NamespaceNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], sandbox.Run(script).ErrorIds);
}
