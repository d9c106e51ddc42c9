using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Test-FluxManifest in the real engine.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FluxManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly Engine _engine = new();

    public FluxManifestTests()
    {
        Write("cluster/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  path: ./apps\n  dependsOn: [{name: none}]\n  sourceRef: {kind: GitRepository, name: flux-system}\n");
        Write("apps/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {key: value}\n");
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", Write("homelab.yaml", "primaryNode: w1\n"));
        SetLocation(_folder);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", null);
        _engine.Run("Disconnect-Homelab -ErrorAction Ignore");
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Test-FluxManifest .")]
    [InlineData("Test-FluxManifest -Repository $folder -Offline")]
    [InlineData("Test-FluxManifest cluster/apps.yaml")]
    [InlineData("Test-FluxManifest")]
    public void A_finding_has_its_place_its_remedy_and_its_object(string script)
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        var finding = _engine.Run(script, ("folder", _folder)).ThrowIfFailed().Output.Single();

        Assert.Equal("HomelabOps.HomelabFinding", finding.TypeNames[0]);
        Assert.Equal(("cluster/apps.yaml", 6, 16, "cluster/apps.yaml:6:16"), (finding.Properties["File"].Value, finding.Properties["Line"].Value, finding.Properties["Column"].Value, finding.Properties["Place"].Value));
        Assert.Equal(("Repository", "Error", "DependencyUnknown"), (finding.Properties["Area"].Value.ToString(), finding.Properties["Severity"].Value.ToString(), finding.Properties["Reason"].Value));
        Assert.Equal(("Kustomization/flux-system/apps", "Kustomization/flux-system/none"), (finding.Properties["Target"].Value.ToString(), finding.Properties["RootCause"].Value.ToString()));
        Assert.NotEqual("", finding.Properties["Remedy"].Value);
    }

    [Fact]
    public void PassThru_gives_the_objects_that_Flux_would_apply()
    {
        var result = _engine.Run("Test-FluxManifest . -PassThru");

        Assert.Equal(["a"], _engine.Run("(Test-FluxManifest . -PassThru -WarningAction Ignore).metadata.name").Strings);
        var item = result.ThrowIfFailed().Output.Single();
        Assert.Equal("HomelabOps.Object#ConfigMap", item.TypeNames[0]);
        Assert.Contains("DependencyUnknown", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(["Kustomization/flux-system/apps apps/a.yaml:1 ConfigMap/default/a"], _engine.Run("$o = Test-FluxManifest . -PassThru -WarningAction Ignore; '{0} {1}:{2} {3}' -f $o.HomelabOps.Kustomization, $o.HomelabOps.File, $o.HomelabOps.Line, $o.HomelabOps.Reference").Strings);
    }

    [Theory]
    [InlineData("Test-FluxManifest ./none", "PathNotFound")]
    [InlineData("Test-FluxManifest . -SchemaPath ./none", "PathNotFound")]
    [InlineData("Test-FluxManifest", "RepositoryRequired")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], _engine.Run(script).ErrorIds);

    [Fact]
    public void A_cluster_that_does_not_say_what_it_has_is_a_warning()
    {
        using var server = new MinimalApiServer();
        _engine.Run($"$null = Connect-Homelab '{server.KubeConfig}' -Repository $folder", ("folder", _folder)).ThrowIfFailed();

        var result = _engine.Run("Test-FluxManifest");
        Assert.Equal("DependencyUnknown", result.ThrowIfFailed().Output.Single().Properties["Reason"].Value);
        Assert.Contains("'one'", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(_engine.Run("Test-FluxManifest -Offline").ThrowIfFailed().Warnings);
    }

    [Fact]
    public void The_pipeline_may_end_after_the_first_record() =>
        Assert.Single(_engine.Run("foreach ($once in 1) { Test-FluxManifest . | ForEach-Object { $_; break } }").ThrowIfFailed().Output);

    [Fact]
    public void Ctrl_C_ends_it_soon()
    {
        for (var app = 0; app < 2000; app++)
        {
            Write($"apps/{app}.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{app}, namespace: default}}\ndata: {{key: value}}\n");
        }

        using var shell = _engine.Start("Test-FluxManifest . -ErrorAction Stop");
        var running = shell.BeginInvoke();
        var clock = Stopwatch.StartNew();
        Assert.True(shell.BeginStop(null, null).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.True(running.IsCompleted);
    }

    [Fact]
    public void What_the_view_shows_is_the_place_and_the_severity()
    {
        var shown = _engine.Run("Test-FluxManifest . | ForEach-Object { [HomelabOps.Display]::Severity($_); [HomelabOps.Display]::Where($_); \"$_\" }").ThrowIfFailed().Strings.ToArray();
        Assert.Equal(["\u001b[31mError\u001b[0m", "cluster/apps.yaml:6:16"], shown[..2]);
        Assert.StartsWith("cluster/apps.yaml:6:16: Error: Kustomization/flux-system/apps depends on Kustomization/flux-system/none", shown[2], StringComparison.Ordinal);
    }

    private void SetLocation(string folder) => _engine.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($folder)", ("folder", folder)).ThrowIfFailed();

    private string Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
