namespace HomelabOps.Cluster.Tests;

/// <summary>Starting, suspending and resuming replications of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class VolSyncOperationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Manual = "\"$((Get-HomelabObject ReplicationSource/media/prowlarr-primary).spec.trigger.manual)\"";
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_run_of_our_own_is_waited_for_and_the_schedule_counts_again()
    {
        UntilIdle();
        var before = Run("(Get-VolSyncStatus prowlarr-primary).LastSync.Ticks").ThrowIfFailed().Strings.Single();
        var record = Run("Start-VolSyncReplication prowlarr-primary -TimeoutSeconds 180").ThrowIfFailed().Output.Single();
        Assert.True(((DateTime)record.Properties["LastSync"].Value).Ticks > long.Parse(before!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith("homelabops-", (string)record.Properties["LastManualSync"].Value, StringComparison.Ordinal);
        Assert.Equal(["*/15 * * * *", ""], Run("$t = (Get-HomelabObject ReplicationSource/media/prowlarr-primary).spec.trigger; $t.schedule; \"$($t.manual)\"").ThrowIfFailed().Strings);
        Assert.Contains("\"form\":\"MergePatch\"", Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_application_the_end_that_only_receives_is_started_by_the_other()
    {
        UntilIdle();
        Assert.Equal(["prowlarr-primary"], Run("(Start-VolSyncReplication -App prowlarr -TimeoutSeconds 180).Name").ThrowIfFailed().Strings);
        Assert.Equal(["ReplicationNotStartable"], Run("Get-VolSyncStatus prowlarr-backup | Start-VolSyncReplication").ErrorIds);
    }

    [Fact]
    public void Where_nothing_but_receiving_ends_is_meant_a_warning_names_the_sources()
    {
        var result = Run("Start-VolSyncReplication prowlarr-back*").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Contains("Start-VolSyncReplication ReplicationSource/media/prowlarr-primary", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_resumes_those_that_are_suspended_and_says_nothing_of_the_others()
    {
        var result = Run("Resume-VolSyncReplication prowlarr* | ForEach-Object Name").ThrowIfFailed();
        Assert.Equal(["prowlarr-backup", "prowlarr-primary"], result.Strings.Order(StringComparer.Ordinal));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_timeout_puts_the_schedule_back()
    {
        UntilIdle();
        Assert.Equal(["ReplicationTimeout"], Run("Start-VolSyncReplication prowlarr-primary -TimeoutSeconds 3").ErrorIds);
        Assert.Equal([""], Run(Manual).ThrowIfFailed().Strings);
        Assert.Contains("homelabops-", Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_puts_the_schedule_back()
    {
        UntilIdle();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        using var other = new Testing.Engine();
        other.Run("$null = Connect-Homelab (Get-HomelabConnection).KubeConfigPath");
        using var shell = other.Start("Start-VolSyncReplication prowlarr-primary");
        shell.BeginInvoke();
        Assert.True(Until(() => Run(Manual).Strings.Single() is { Length: > 0 }), "no trigger was set");
        shell.Stop();
        Assert.True(Until(() => Run(Manual).Strings.Single() is ""), "the trigger was left");
    }

    [Fact]
    public void Who_does_not_wait_gets_it_as_it_runs_and_the_schedule_counts_already()
    {
        UntilIdle();
        const string LastSync = "(Get-VolSyncStatus prowlarr-primary).LastSync.Ticks";
        var before = Ticks();
        var record = Run("Start-VolSyncReplication prowlarr-primary -NoWait -TimeoutSeconds 180").ThrowIfFailed().Output.Single();
        Assert.Equal([""], Run(Manual).ThrowIfFailed().Strings);
        Assert.True($"{record.Properties["State"].Value}" is "Running" or "Waiting", $"{record.Properties["State"].Value}");
        Assert.True(Until(() => Ticks() > before), "it never came to its end");
        Assert.Equal(["*/15 * * * *"], Run("(Get-HomelabObject ReplicationSource/media/prowlarr-primary).spec.trigger.schedule").ThrowIfFailed().Strings);

        long Ticks() => long.Parse(Run(LastSync).ThrowIfFailed().Strings.Single()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_run_from_the_beginning_that_nobody_waits_for_keeps_what_its_Job_is_made_of()
    {
        UntilIdle("postgres");
        const string Spec = "$s = (Get-HomelabObject ReplicationSource/database/postgres).spec; ";
        const string LastSync = "\"$((Get-VolSyncStatus postgres).LastSync.Ticks)\"";
        var (before, schedule) = (Run(LastSync).ThrowIfFailed().Strings.Single(), Run(Spec + "$s.trigger.schedule").ThrowIfFailed().Strings.Single());

        var record = Run("Start-VolSyncReplication postgres -NoWait -Full -TimeoutSeconds 180").ThrowIfFailed().Output.Single();

        Assert.True($"{record.Properties["State"].Value}" is "Running" or "Waiting", $"{record.Properties["State"].Value}");
        Assert.Equal([schedule, ""], Run(Spec + "$s.trigger.schedule; \"$($s.trigger.manual)\"").ThrowIfFailed().Strings);
        Assert.StartsWith("homelabops-", Run(Spec + "$s.restic.unlock").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
        Assert.True(Until(() => Run(LastSync).ThrowIfFailed().Strings.Single() != before), "it never came to its end");

        // The next one is locked as before, and unlocks no second time.
        UntilIdle("postgres");
        var unlock = Run(Spec + "$s.restic.unlock").ThrowIfFailed().Strings.Single();
        Run("$null = Start-VolSyncReplication postgres -TimeoutSeconds 180").ThrowIfFailed();
        Assert.Equal([unlock], Run(Spec + "$s.restic.unlock").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Start-VolSyncReplication plex-primary -TimeoutSeconds 120", "/rest/db/scan?")]
    [InlineData("Start-VolSyncReplication plex-primary -NoWait", "/rest/db/scan?")]
    [InlineData("Start-VolSyncReplication plex-backup -Full -TimeoutSeconds 180", "/rest/system/reset?")]
    public void A_Syncthing_is_rescanned_until_both_sides_have_everything(string script, string asked)
    {
        // That both are in sync they may have been before: it is what it was asked for that counts.
        using var folder = new TemporaryFolder();
        var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var server = new Uri(Run("(Get-HomelabConnection).Server").ThrowIfFailed().Strings.Single()!);
        using var proxy = new CuttingProxy(server, line =>
        {
            requests.Enqueue(line);
            return CuttingProxy.Cut.None;
        });
        var own = File.ReadAllText(Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!);
        var file = folder.File("config", own.Replace(server.GetLeftPart(UriPartial.Authority), proxy.Address, StringComparison.Ordinal));

        Assert.Equal(["Connected"], Run($"({script} -KubeConfig '{file}').State").ThrowIfFailed().Strings);
        Assert.Single(requests, line => line.StartsWith("POST ", StringComparison.Ordinal) && line.Contains(asked, StringComparison.Ordinal));
        Assert.Equal([""], Run("\"$((Get-HomelabObject ReplicationSource/media/plex-primary).spec.trigger.manual)\"").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_suspended_Syncthing_talks_to_nobody_although_Flux_reconciles_and_comes_back_as_it_was()
    {
        var before = Run("(Get-SyncthingReplication radarr-backup).ConfiguredPeer | ForEach-Object { \"$_\" }").ThrowIfFailed().Strings.Single();
        Assert.Equal(["Paused"], Run("(Suspend-VolSyncReplication radarr-backup -Reason 'failed over' -Duration 1h).State").ThrowIfFailed().Strings);
        Run("$null = Invoke-FluxReconcile Kustomization/apps -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal(["Paused", "Paused", "Disconnected"], Run("(Get-VolSyncStatus radarr-backup).State; (Get-SyncthingReplication radarr-backup).State; (Get-SyncthingReplication radarr-primary).State").ThrowIfFailed().Strings);
        Assert.All(Run("(Get-SyncthingReplication -App radarr).Message; (Get-VolSyncStatus radarr-backup).Message").ThrowIfFailed().Strings, message =>
        {
            Assert.Contains("because: failed over", message, StringComparison.Ordinal);
            Assert.Contains("Resume-VolSyncReplication ReplicationSource/media/radarr-backup", message, StringComparison.Ordinal);
            Assert.DoesNotContain("in Git", message, StringComparison.Ordinal);
        });
        Assert.Equal(["ReplicationPaused"], Run("Start-VolSyncReplication radarr-backup").ErrorIds);
        Run("$null = Suspend-VolSyncReplication radarr-backup -Reason again").ThrowIfFailed();

        Run("$null = Resume-VolSyncReplication radarr-backup").ThrowIfFailed();
        Assert.Equal(["True", before!], Run("$s = Start-VolSyncReplication radarr-primary -TimeoutSeconds 120 -ErrorAction SilentlyContinue; foreach ($i in 1..60) { $r = Get-SyncthingReplication radarr-backup; if ($r.InSync) { break }; [Threading.Thread]::Sleep(500) }; $r.InSync; \"$($r.ConfiguredPeer)\"").ThrowIfFailed().Strings);
        Assert.DoesNotContain("homelabops.github.io", Run("Get-HomelabObject ReplicationSource/media/radarr-backup -AsYaml").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("reconcile: disabled", Run("Get-HomelabObject ReplicationSource/media/radarr-backup -AsYaml").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheduled_replication_is_paused_and_resumed()
    {
        Assert.Equal(["Paused", "True"], Run("$r = Suspend-VolSyncReplication prowlarr-primary; $r.State; $r.Paused").ThrowIfFailed().Strings);
        Assert.Equal(["False"], Run("(Resume-VolSyncReplication prowlarr-primary).Paused").ThrowIfFailed().Strings);
        Assert.Single(Run("Resume-VolSyncReplication prowlarr-primary").ThrowIfFailed().Warnings);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        const string Generation = "(Get-HomelabObject ReplicationSource/media/jellyfin-primary).metadata.generation; (Get-HomelabObject ReplicationSource/media/prowlarr-primary).metadata.generation";
        var before = Run(Generation).ThrowIfFailed().Strings;
        Run("foreach ($name in 'jellyfin-primary', 'prowlarr-primary') { Start-VolSyncReplication $name -WhatIf; Start-VolSyncReplication $name -NoWait -WhatIf; Suspend-VolSyncReplication $name -WhatIf }; Start-VolSyncReplication jellyfin-primary -Full -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Run(Generation).ThrowIfFailed().Strings);
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));

        // Only one that is paused can be resumed.
        Run("$null = Suspend-VolSyncReplication prowlarr-primary").ThrowIfFailed();
        before = Run(Generation).ThrowIfFailed().Strings;
        Run("Resume-VolSyncReplication prowlarr-primary -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Run(Generation).ThrowIfFailed().Strings);
        Assert.Equal(["False"], Run("(Resume-VolSyncReplication prowlarr-primary).Paused").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Start-VolSyncReplication", "NameRequired")]
    [InlineData("Suspend-VolSyncReplication", "NameRequired")]
    [InlineData("Resume-VolSyncReplication", "NameRequired")]
    [InlineData("Start-VolSyncReplication none", "ReplicationNotFound")]
    [InlineData("Suspend-VolSyncReplication none", "ReplicationNotFound")]
    [InlineData("Start-VolSyncReplication prowlarr-backup", "ReplicationNotStartable")]
    [InlineData("Suspend-VolSyncReplication jellyfin-primary -Duration 0s", "SuspensionEndInvalid")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    private void UntilIdle(string name = "prowlarr-primary") => Assert.True(Until(() => Run($"(Get-VolSyncStatus {name}).State").Strings.Single() == "Waiting"), "it is not idle");

    private static bool Until(Func<bool> holds)
    {
        var end = DateTime.UtcNow.AddSeconds(90);
        while (!holds())
        {
            if (DateTime.UtcNow > end)
            {
                return false;
            }

            Thread.Sleep(100);
        }

        return true;
    }

    private string Journal() => string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText));

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
