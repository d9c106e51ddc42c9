namespace HomelabOps.Cluster.Tests;

/// <summary>Compare-FluxKustomization on the embedded homelab with its real Git repository.</summary>
[Collection(nameof(Alone))]
public sealed class FluxCompareTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly Dictionary<string, string> _former = [];

    private string Repository => sandbox.Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    public void Dispose()
    {
        foreach (var (file, text) in _former)
        {
            File.WriteAllText(file, text);
        }
    }

    [Fact]
    public void A_homelab_that_is_as_Git_says_has_no_difference() => Assert.Empty(sandbox.Run("Compare-FluxKustomization").ThrowIfFailed().Output);

    [Fact]
    public void A_change_of_the_working_copy_is_told_before_it_is_pushed()
    {
        Edit("clusters/homelab/apps/media/sonarr/deployment.yaml", "replicas: 1", "replicas: 0");
        var before = Version();
        var result = sandbox.Run("Compare-FluxKustomization apps").ThrowIfFailed().Output.Single();
        Assert.Equal(("Update", "Deployment/media/sonarr"), (result.Properties["Action"].Value.ToString(), result.Properties["Target"].Value.ToString()));
        Assert.Equal(["spec.replicas"], (IEnumerable<string>)result.Properties["FieldPaths"].Value);
        Assert.Contains("\n-  replicas: 1\n+  replicas: 0\n", (string)result.Properties["Diff"].Value, StringComparison.Ordinal);
        Assert.Equal("clusters/homelab/apps/media/sonarr/deployment.yaml", result.Properties["File"].Value);
        Assert.Equal(before, Version());
    }

    [Theory]
    [InlineData("Get-FluxKustomization apps -Namespace flux-system | Compare-FluxKustomization")]
    [InlineData("Get-HomelabObject Deployment/media/sonarr, Deployment/media/radarr | Compare-FluxKustomization")]
    [InlineData("Get-HomelabPod -Namespace media -App sonarr, radarr | Compare-FluxKustomization")]
    [InlineData("Get-HomelabPod tautulli* -Namespace media | Compare-FluxKustomization")]
    [InlineData("Get-FluxHelmRelease tautulli | Compare-FluxKustomization")]
    [InlineData("'ks/apps' | Compare-FluxKustomization")]
    [InlineData("Compare-FluxKustomization Kustomization/flux-system/a*")]
    [InlineData("Compare-FluxKustomization apps -Path ((Get-HomelabConnection).Repository + '/clusters')")]
    public void What_comes_by_pipe_leads_to_its_Kustomization(string script)
    {
        Edit("clusters/homelab/apps/media/sonarr/deployment.yaml", "replicas: 1", "replicas: 0");
        Assert.Equal("sonarr", sandbox.Run(script).ThrowIfFailed().Output.Single().Properties["Name"].Value);
    }

    [Fact]
    public void What_Flux_has_no_Kustomization_for_is_a_warning()
    {
        var result = sandbox.Run("Get-FluxSource flux-system | Compare-FluxKustomization").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Single(result.Warnings);
    }

    [Theory]
    [InlineData("Compare-FluxKustomization none", "FluxResourceNotFound")]
    [InlineData("Compare-FluxKustomization apps -Path ./nowhere", "PathNotFound")]
    [InlineData("Compare-FluxKustomization hr/media/tautulli", "FluxKindUnknown")]
    [InlineData("Compare-FluxKustomization Deployment/media/sonarr", "FluxKindUnknown")]
    [InlineData("Get-HomelabNode k3s-w1 | Compare-FluxKustomization", "FluxOwnerNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], sandbox.Run(script).ErrorIds);

    [Fact]
    public void A_manifest_that_is_none_is_an_error_with_its_place()
    {
        Edit("clusters/homelab/apps/media/sonarr/deployment.yaml", "replicas: 1", "replicas: 1\n bad");
        var error = Assert.Single(sandbox.Run("Compare-FluxKustomization apps").Errors);
        Assert.Equal("ManifestInvalid", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("deployment.yaml", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_repository_it_says_how_to_name_one()
    {
        using var folder = new TemporaryFolder();
        using var other = new Testing.Engine();
        other.Runspace.SessionStateProxy.Path.SetLocation(folder.Path);
        other.Run("$null = Connect-Homelab $file", ("file", sandbox.Run("(Get-HomelabConnection).KubeConfigPath").Strings.Single())).ThrowIfFailed();
        Assert.Equal(["RepositoryRequired"], other.Run("Compare-FluxKustomization apps").ErrorIds);
        other.Run("$null = Disconnect-Homelab");
    }

    private string Version() => sandbox.Run("(Get-HomelabObject Deployment/media/sonarr).metadata.resourceVersion").ThrowIfFailed().Strings.Single()!;

    private void Edit(string path, string from, string to)
    {
        var file = Path.Combine(Repository, path);
        _former[file] = File.ReadAllText(file);
        Assert.Contains(from, _former[file], StringComparison.Ordinal);
        File.WriteAllText(file, _former[file].Replace(from, to, StringComparison.Ordinal));
    }
}
