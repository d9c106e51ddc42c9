using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>An application comes into the embedded homelab by its Git repository, and goes again.</summary>
[Collection(nameof(Alone))]
public sealed class NewAppTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Mylar = "mylar media ghcr.io/home-operations/mylar:5.26.2 -Port 7878 -ProbePath /ping -Replicated";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_replicated_application_runs_and_goes_and_leaves_its_data()
    {
        Assert.Equal(
            ["mylar True True Add mylar"],
            Run($"New-HomelabApp {Mylar} -Confirm:$false | ForEach-Object {{ \"$($_.App) $($_.Pushed) $($_.RolledOut) $($_.Subject)\" }}").ThrowIfFailed().Strings);
        Assert.Equal(["apps True"], Run("Get-HomelabObject Deployment/media/mylar | Trace-FluxObject | ForEach-Object { \"$($_.Kustomization.Name) $($_.InInventory)\" }").ThrowIfFailed().Strings);
        Assert.Equal(4, Run("Get-HomelabObject PersistentVolume/pv-*mylar*").ThrowIfFailed().Output.Count);
        Assert.Equal(2, Run("Get-HomelabObject ReplicationSource/media/mylar-*").ThrowIfFailed().Output.Count);
        Assert.Contains("mylar", Run("(Get-HomelabManifest mylar -Field Image).App").ThrowIfFailed().Strings);

        var removed = Run("Get-HomelabManifest mylar -Field Image | Remove-HomelabApp -Confirm:$false").ThrowIfFailed();
        Assert.Equal([true], removed.Values("RolledOut"));
        Assert.Empty(Run("Get-HomelabObject Deployment/media/myl*").Output);
        Assert.Equal(2, Run("Get-HomelabObject PersistentVolumeClaim/media/pvc-mylar*").ThrowIfFailed().Output.Count);
    }

    [Fact]
    public void What_Flux_leaves_alone_stays_and_that_is_said()
    {
        Run("$null = New-HomelabApp notes media ghcr.io/example/notes:1.0 -Confirm:$false; $null = Stop-HomelabApp notes -TimeoutSeconds 120").ThrowIfFailed();
        var removed = Run("Remove-HomelabApp notes -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal([false], removed.Values("RolledOut"));
        Assert.Contains(removed.Warnings, warning => warning.StartsWith("Flux leaves Deployment/media/notes alone", StringComparison.Ordinal));
        Assert.NotEmpty(Run("Get-HomelabObject Deployment/media/notes").ThrowIfFailed().Output);

        Run("$null = Undo-GitOpsChange -Last -TimeoutSeconds 120; $null = Start-HomelabApp notes -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal([true], Run("Remove-HomelabApp notes -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed().Values("RolledOut"));
        Assert.Empty(Run("Get-HomelabObject Deployment/media/note*").Output);
    }

    [Fact]
    public void Nothing_changes_with_WhatIf()
    {
        var before = Head();
        Assert.Empty(Run("New-HomelabApp lidarr media ghcr.io/home-operations/lidarr:2.13.3 -Stateful -WhatIf; Remove-HomelabApp sonarr -IncludeVolume -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Run("Get-HomelabApp tautulli | Remove-HomelabApp -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(before, Head());
        Assert.NotEmpty(Run("Get-HomelabObject Deployment/media/sonarr").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("New-HomelabApp Lidarr media a/b:1", "AppInvalid")]
    [InlineData("New-HomelabApp lidarr media a/b", "ImageTagRequired")]
    [InlineData("New-HomelabApp sonarr media a/b:1", "AppExists")]
    [InlineData("New-HomelabApp lidarr media a/b:1 -AppsFolder nowhere", "LayoutUnknown")]
    [InlineData("New-HomelabApp lidarr media a/b:1 -Namespace nowhere", "AppInvalid")]
    [InlineData("New-HomelabApp sonarr other a/b:1 -Stateful", "AppCollides")]
    [InlineData("Remove-HomelabApp nobody -Confirm:$false", "AppNotFound")]
    [InlineData("Remove-HomelabApp media-report -Confirm:$false", "AppShared")]
    public void What_cannot_be_done_is_an_error_and_no_commit(string script, string id)
    {
        var before = Head();
        Assert.Equal([id], Run(script).ErrorIds);
        Assert.Equal(before, Head());
    }

    [Fact]
    public void Categories_and_applications_complete()
    {
        Assert.Contains("media", Completions("New-HomelabApp x m"));
        Assert.Contains("sonarr", Completions("Remove-HomelabApp so"));
    }

    private string Head() => Run("git -C (Get-HomelabConnection).Repository ls-remote origin HEAD").ThrowIfFailed().Strings.Single()!;

    private IReadOnlyList<string?> Completions(string line) =>
        [.. Run($"[System.Management.Automation.CommandCompletion]::CompleteInput('{line}', {line.Length}, $null).CompletionMatches.ListItemText").ThrowIfFailed().Strings];

    private Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
