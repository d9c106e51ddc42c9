using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The tree and the trace on the embedded homelab with its real Git repository.</summary>
[Collection(nameof(Alone))]
public sealed class FluxTreeTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void The_whole_homelab_is_one_tree_and_well()
    {
        var nodes = Run("Get-FluxTree").ThrowIfFailed().Output.Select(item => item.BaseObject).ToList();
        Assert.Equal("HomelabOps.FluxTreeNode", nodes[0].GetType().FullName);
        Assert.Equal(["0"], Run("Get-FluxTree | Where-Object Depth -EQ 0 | ForEach-Object { $_.Depth }").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-FluxTree | Where-Object Healthy -EQ $false").ThrowIfFailed().Output);
        Assert.Equal(["1"], Run("Get-FluxTree | Where-Object { $_.Kind -eq 'Deployment' -and $_.Parent.Kind -eq 'HelmRelease' } | ForEach-Object { @($_).Count }").ThrowIfFailed().Strings);
        Assert.Contains("metallb-system:controller", Run("Get-FluxTree infrastructure-metallb | ForEach-Object { $_.Name }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void What_Get_FluxStatus_gives_is_the_same_tree_with_a_warning_for_each_source()
    {
        var piped = Run("Get-FluxStatus | Get-FluxTree | ForEach-Object { \"$($_.Depth) $_\" }");
        Assert.Empty(piped.Errors);
        Assert.NotEmpty(piped.Warnings);
        Assert.Equal(Run("Get-FluxTree | ForEach-Object { \"$($_.Depth) $_\" }").ThrowIfFailed().Strings, piped.Strings);
        Assert.Equal("Kustomization/flux-system/apps", Run("Get-HomelabObject Deployment/media/sonarr | Get-FluxTree | ForEach-Object { \"$_\" }").ThrowIfFailed().Strings.First());
        Assert.All(Run("Get-FluxTree -Compact | ForEach-Object { $_.ApiVersion }").ThrowIfFailed().Strings, version => Assert.Contains("toolkit.fluxcd.io/", version, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_pod_of_an_application_leads_to_a_line()
    {
        // Anna is who commits in another test of the same homelab. A mover's Job may end, and its pod go, before it is asked about.
        var result = Run("Get-HomelabPod -Namespace media | Trace-FluxObject | ForEach-Object { \"$($_.Kustomization.Name) $($_.File):$($_.Line) $($_.Author) $($_.InInventory)\" }");
        Assert.All(result.Errors, error => Assert.Matches(@"^There is no Pod 'volsync-\S+' ", error.Exception.Message));
        var traces = result.Strings;
        Assert.NotEmpty(traces);
        Assert.All(traces, trace => Assert.Matches(@"^apps clusters/homelab/apps/\S+\.yaml:\d+ (Homelab Owner|Anna) True$", trace));
        Assert.Equal(["tautulli OCIRepository"], Run("Get-HomelabPod tautulli* -Namespace media | Trace-FluxObject | ForEach-Object { \"$($_.HelmRelease.Name) $($_.ChartSource.Kind)\" }").ThrowIfFailed().Strings);
        Assert.Equal(["False not managed by Flux"], Run("Trace-FluxObject coredns -Kind deploy -Namespace kube-system | ForEach-Object { \"$($_.Managed) $($_.Message)\" }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void The_line_follows_edits_above_the_object()
    {
        var (file, line) = Place();
        var path = Path.Combine(Clone, file);
        Assert.Contains("sonarr", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal("apiVersion: apps/v1", File.ReadLines(path).ElementAt(line - 1));

        File.WriteAllText(path, "# one\n# two\n# three\n---\n" + File.ReadAllText(path));
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--all", "--message", "Add lines above");
        Git("push", "--quiet", "origin", "HEAD");
        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 60").ThrowIfFailed();

        Assert.Equal((file, line + 4), Place());
        Assert.Equal("apiVersion: apps/v1", File.ReadLines(path).ElementAt(line + 3));
        Assert.Equal(["Anna: Add lines above", ""], Run("$t = Trace-FluxObject Deployment/media/sonarr; \"$($t.Author): $($t.LastChange.Subject)\"; $t.Message").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Get-FluxTree")]
    [InlineData("Trace-FluxObject -Kind Pod")]
    [InlineData("Get-HomelabPod | Trace-FluxObject")]
    public void The_pipeline_may_end_after_the_first_record(string script) =>
        Assert.Single(Run($"foreach ($once in 1) {{ {script} | ForEach-Object {{ $_; break }} }}").ThrowIfFailed().Output);

    [Fact]
    public void Names_complete()
    {
        Assert.Contains("infrastructure-metallb", Completions("Get-FluxTree infra"));
        Assert.Contains("Deployment/media/sonarr", Completions("Trace-FluxObject Deployment/media/s"));
        Assert.DoesNotContain(Completions("Get-FluxTree -Name G"), name => name!.StartsWith("Git", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-FluxTree none", "FluxResourceNotFound")]
    [InlineData("Get-FluxTree GitRepository/flux-system", "FluxTreeUnsupported")]
    [InlineData("Get-FluxTree Deployment/kube-system/coredns", "FluxOwnerNotFound")]
    [InlineData("Get-FluxTree -Namespace none", "NamespaceNotFound")]
    [InlineData("Trace-FluxObject sonarr", "KindRequired")]
    [InlineData("Trace-FluxObject Deployment/media/none", "DeploymentNotFound")]
    [InlineData("Trace-FluxObject x -Kind Nonsense", "KindNotFound")]
    [InlineData("Trace-FluxObject Deployment/media/sonarr -Repository ./none", "PathNotFound")]
    [InlineData("'text' | Trace-FluxObject", "KindRequired")]
    [InlineData("5 | Trace-FluxObject", "NotAReference")]
    [InlineData("Get-HomelabPod -Namespace kube-system -App coredns | Get-FluxTree", "FluxOwnerNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) =>
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    private IReadOnlyList<string?> Completions(string line) =>
        [.. Run($"[System.Management.Automation.CommandCompletion]::CompleteInput('{line}', {line.Length}, $null).CompletionMatches.ListItemText").ThrowIfFailed().Strings];

    private (string File, int Line) Place()
    {
        var trace = Run("Get-HomelabPod -Namespace media -App sonarr | Trace-FluxObject").ThrowIfFailed().Output.Single();
        return ((string)trace.Properties["File"].Value, (int)trace.Properties["Line"].Value);
    }

    private string Git(params string[] arguments) => HomelabClone.Git(Clone, arguments);

    private Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
