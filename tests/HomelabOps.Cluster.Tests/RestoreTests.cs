using System.Management.Automation;

namespace HomelabOps.Cluster.Tests;

/// <summary>Data of applications of the embedded homelab, put back.</summary>
[Collection(nameof(Alone))]
public sealed class RestoreTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Runs = "Get-HomelabApp $app | ForEach-Object { \"$($_.Ready) $($_.Stopped)\" }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_corrupted_comes_back_and_what_was_there_is_kept()
    {
        var before = Shell("sonarr", "cd /host/data/pods/sonarr; find . -type f -exec stat -c '%n %s %Y' {} + | sort");
        Run("sonarr", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();
        Shell("sonarr", "cd /host/data/pods/sonarr; rm config.xml; echo broken > sonarr.db; echo new > new.txt");

        var result = Run("sonarr", "Get-HomelabBackup $app -Path $folder | Restore-HomelabApp").ThrowIfFailed();
        var restore = Assert.Single(result.Output);
        Assert.Empty(result.Warnings);
        Assert.Equal(("sonarr", "media", "k3s-w1", "/data/pods/sonarr", 4L, true), (Get(restore, "App"), Get(restore, "Namespace"), Get(restore, "Node"), Get(restore, "Path"), Get(restore, "Files"), Get(restore, "Verified")));
        Assert.Equal(before, Shell("sonarr", "cd /host/data/pods/sonarr; find . -type f -exec stat -c '%n %s %Y' {} + | sort"));
        var aside = (string)Get(restore, "Aside")!;
        Assert.Equal(["broken", "new"], Shell("sonarr", $"cat /host{aside}/sonarr.db /host{aside}/new.txt"));
        Assert.Equal(["True False"], Run("sonarr", Runs).Strings);
        Assert.Equal([aside[(aside.LastIndexOf('/') + 1)..]], Shell("sonarr", "cd /host/data/pods; ls -a | grep sonarr.homelabops"));
        Assert.Empty(Run("sonarr", "Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output);

        // And back again: what was there before is a backup as well.
        var copy = Assert.Single(Run("sonarr", "Get-HomelabBackup $app -Kind Protect").ThrowIfFailed().Output);
        Assert.Equal(("media", "k3s-w1", aside), (Get(copy, "Namespace"), Get(copy, "Node"), Get(copy, "Path")));
        Assert.Equal("Protect", Get(Run("sonarr", "Get-HomelabBackup $app -Kind Protect | Restore-HomelabApp").ThrowIfFailed().Output.Single(), "Kind")!.ToString());
        Assert.Equal(["broken"], Shell("sonarr", "cat /host/data/pods/sonarr/sonarr.db"));
        Assert.Equal(["broken"], Shell("sonarr", $"cat /host{aside}/sonarr.db"));
        Assert.Equal(["BackupAmbiguous"], Run("sonarr", "Get-HomelabBackup $app -Kind Protect | Restore-HomelabApp").ErrorIds);
    }

    [Fact]
    public void Syncthing_sees_the_restored_folder_before_it_talks_to_its_peer_again()
    {
        var pods = Run("radarr", "(Get-VolSyncStatus radarr-primary).Pods.Name").ThrowIfFailed().Strings;
        var peers = Run("radarr", "(Get-HomelabObject ReplicationSource/media/radarr-primary).spec.syncthing.peers | ForEach-Object { \"$($_.ID) $($_.address)\" }").ThrowIfFailed().Strings;
        Run("radarr", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();

        var restore = Assert.Single(Run("radarr", "Get-HomelabBackup $app -Path $folder | Restore-HomelabApp").ThrowIfFailed().Output);

        Assert.Empty((System.Collections.IEnumerable)Get(restore, "Suspended")!);
        Assert.NotEqual(pods, Run("radarr", "(Get-VolSyncStatus radarr-primary).Pods.Name").ThrowIfFailed().Strings);
        Assert.Equal(peers, Run("radarr", "(Get-HomelabObject ReplicationSource/media/radarr-primary).spec.syncthing.peers | ForEach-Object { \"$($_.ID) $($_.address)\" }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void WhatIf_changes_nothing_and_a_stopped_application_stays_so()
    {
        Run("plex", "$null = Stop-HomelabApp $app").ThrowIfFailed();
        Run("plex", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();
        Assert.Empty(Run("plex", "Get-HomelabBackup $app -Path $folder | Restore-HomelabApp -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Shell("plex", "cd /host/data/pods; ls -a | grep plex.homelabops"));
        Assert.Single(Run("plex", "Get-HomelabBackup $app -Path $folder | Restore-HomelabApp").ThrowIfFailed().Output);
        Assert.Equal(["False True"], Run("plex", Runs).Strings);
        Run("plex", "$null = Start-HomelabApp $app").ThrowIfFailed();
    }

    [Fact]
    public void Who_says_no_keeps_what_is_there_and_who_says_yes_is_asked_no_more()
    {
        const string Pods = "(Get-HomelabApp $app).Pods.Name";
        Run("jellyfin", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();
        var node = Run("jellyfin", "$a = Get-HomelabApp $app; $a.Node; $a.Volumes[0].Path").ThrowIfFailed().Strings.ToArray();
        var pods = Run("jellyfin", Pods).ThrowIfFailed().Strings.ToArray();
        var host = new WarningHost { Answer = "No" };
        using var engine = new Testing.Engine(host: host);

        Assert.Empty(Typed().ThrowIfFailed().Output);
        Assert.Contains("jellyfin", Assert.Single(host.Questions), StringComparison.Ordinal);
        Assert.Equal(pods, Run("jellyfin", Pods).ThrowIfFailed().Strings);
        Assert.Equal("", Node(node[0]!, $"cd /host{node[1]}/..; ls -a | grep jellyfin.homelabops"));

        host.Answer = "Yes";
        Assert.Single(Typed().ThrowIfFailed().Output);
        Assert.Equal(2, host.Questions.Count());
        Assert.NotEqual("", Node(node[0]!, $"cd /host{node[1]}/..; ls -a | grep jellyfin.homelabops"));

        Testing.Engine.Result Typed() => engine.Run("Get-HomelabBackup jellyfin -Path $folder | Restore-HomelabApp -Confirm", ("folder", _folder.Path));
    }

    [Fact]
    public void What_cannot_be_restored_is_refused_before_anything_changes()
    {
        Run("prowlarr", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();
        var path = Directory.GetFiles(_folder.Path, "*.gz").Single();
        Assert.Equal(["BackupForeign"], Run("prowlarr", $"Restore-HomelabApp sonarr -From '{path}'").ErrorIds);
        File.Move(path, _folder.Path + "/own.tgz");
        Assert.Equal(["BackupForeign"], Run("prowlarr", "Restore-HomelabApp sonarr -From $folder/own.tgz").ErrorIds);
        Assert.Single(Run("prowlarr", "Restore-HomelabApp $app -From $folder/own.tgz -WhatIf").ThrowIfFailed().Warnings);
        Assert.Equal(["BackupWithoutSnapshots"], Run("prowlarr", "Restore-HomelabApp $app -From $folder/own.tgz -AsOf '2026-01-01'").ErrorIds);
        Assert.Equal(["BackupWithoutSnapshots"], Run("prowlarr", "Restore-HomelabApp $app -From $folder/own.tgz -Previous 1").ErrorIds);
        File.Copy(_folder.Path + "/own.tgz", path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);
        Assert.Equal(["BackupDamaged"], Run("prowlarr", $"Restore-HomelabApp $app -From '{path}'").ErrorIds);
        Assert.Equal(["False"], Run("prowlarr", "Get-HomelabBackup -Path $folder -Verify | ForEach-Object { \"$($_.Verified)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["BackupUnreadable"], Run("prowlarr", "Restore-HomelabApp $app -From $folder/none.tgz").ErrorIds);
        Assert.Contains("is a folder", Assert.Single(Run("prowlarr", "Restore-HomelabApp $app -From $folder").Errors).Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Get-VolSyncStatus", Assert.Single(Run("prowlarr", "Restore-HomelabApp $app -From ReplicationSource/none").Errors).Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["ReplicationGone"], Run("prowlarr", "Restore-HomelabApp $app -From ReplicationSource/none").ErrorIds);
        var mover = Assert.Single(Run("prowlarr", "Restore-HomelabApp $app -From ReplicationSource/radarr-primary").Errors);
        Assert.Equal("BackupForeign", mover.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("no restic repository", mover.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["BackupForeign"], Run("prowlarr", "Restore-HomelabApp postgres -From ReplicationSource/media/postgres").ErrorIds);
        Assert.Equal(["BackupForeign"], Run("prowlarr", "Restore-HomelabApp postgres -From ([HomelabOps.HomelabBackup]@{Cluster = 'other'; App = 'postgres'; Kind = 'Restic'; Path = 'ReplicationSource/database/postgres'})").ErrorIds);
        Assert.Equal(["BackupRequired"], Run("prowlarr", "Restore-HomelabApp $app").ErrorIds);
        Assert.Equal(["NameRequired"], Run("prowlarr", "Restore-HomelabApp -From $folder/own.tgz").ErrorIds);
        Assert.Equal(["AppNotFound"], Run("prowlarr", "Restore-HomelabApp none -From $folder/own.tgz").ErrorIds);
        Assert.Equal(["True False"], Run("prowlarr", Runs).Strings);
        Assert.Empty(Shell("prowlarr", "cd /host/data/pods; ls -a | grep prowlarr.homelabops"));
    }

    [Fact]
    public void Without_its_folder_the_disk_may_be_another_so_nothing_is_written()
    {
        Run("sonarr", "$null = Backup-HomelabApp $app -Path $folder").ThrowIfFailed();
        Shell("sonarr", "mv /host/data/pods /host/data/gone");
        try
        {
            Assert.Equal(["RestoreFailed"], Run("sonarr", "Get-HomelabBackup $app -Path $folder | Restore-HomelabApp").ErrorIds);
            Assert.Equal(["gone"], Shell("sonarr", "ls /host/data | grep -E 'gone|pods'"));
        }
        finally
        {
            Shell("sonarr", "mv /host/data/gone /host/data/pods");
        }

        Assert.Equal(["True False"], Run("sonarr", Runs).Strings);
    }

    [Fact]
    public void VolSync_restores_from_the_repository_and_what_it_needed_is_gone()
    {
        var claim = Run("postgres", "Get-HomelabApp $app | ForEach-Object { $_.HomeNode; $_.Volumes[0].Path }").ThrowIfFailed().Strings.ToArray();
        var (node, path) = (claim[0]!, claim[1]!);
        Assert.Equal(["RestoreFailed"], Run("postgres", "Restore-HomelabApp $app -From ReplicationSource/postgres -AsOf '2020-01-01'").ErrorIds);
        Assert.Equal("", Node(node, $"cd /host{path}/..; ls -a | grep postgres.homelabops"));
        Assert.Equal(["True False"], Run("postgres", Runs).Strings);

        Node(node, $"echo first > /host{path}/marker");
        Run("postgres", "$null = Start-VolSyncReplication postgres -TimeoutSeconds 180").ThrowIfFailed();
        Node(node, $"echo second > /host{path}/marker");
        Run("postgres", "$null = Start-VolSyncReplication postgres -TimeoutSeconds 180").ThrowIfFailed();
        Node(node, $"echo broken > /host{path}/marker; echo new > /host{path}/new");

        var backup = Assert.Single(Run("postgres", "Get-HomelabBackup $app -Kind Restic").ThrowIfFailed().Output);
        Assert.Equal(("postgres", "ReplicationSource/database/postgres"), (Get(backup, "App"), Get(backup, "Path")));
        var restore = Assert.Single(Run("postgres", "Get-HomelabBackup $app -Kind Restic | Restore-HomelabApp").ThrowIfFailed().Output);
        Assert.Equal($"Restic False {path}", $"{Get(restore, "Kind")} {Get(restore, "Verified")} {Get(restore, "Path")}");
        Assert.True((long)Get(restore, "Files")! > 1);
        Assert.Equal("second", Node(node, $"cat /host{path}/marker; cat /host{path}/new"));
        Assert.Equal("broken\nnew", Node(node, $"cat /host{Get(restore, "Aside")}/marker; cat /host{Get(restore, "Aside")}/new"));

        Assert.Single(Run("postgres", "Restore-HomelabApp $app -From ReplicationSource/postgres -Previous 1").ThrowIfFailed().Output);
        Assert.Equal("first", Node(node, $"cat /host{path}/marker"));
        Assert.Equal(["True False"], Run("postgres", Runs).Strings);
        Assert.Empty(Run("postgres", "Get-VolSyncStatus -Namespace database | Where-Object Kind -EQ ReplicationDestination").ThrowIfFailed().Output);
    }

    private string Node(string node, string line) => (string)Get(Run("", "Invoke-HomelabNode $node -Writable -Command $line", ("node", node), ("line", line)).ThrowIfFailed().Output.Single(), "Output")!;

    private static object? Get(PSObject record, string property) => record.Properties[property].Value is PSObject wrapped ? wrapped.BaseObject : record.Properties[property].Value;

    private string[] Shell(string app, string line) => [.. Run(app, $"(Invoke-HomelabNode k3s-w1 -Writable -Command $line).Output -split \"`n\" | Where-Object {{ $_ }}", ("line", line)).ThrowIfFailed().Strings.OfType<string>()];

    private Testing.Engine.Result Run(string app, string script, params (string Name, object? Value)[] variables) => sandbox.Run(script, [("app", app), ("folder", _folder.Path), .. variables]);
}
