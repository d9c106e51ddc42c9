using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What Tab gives, with names of the lab.</summary>
public sealed class CompletionTests : ClusterTest
{
    private readonly TemporaryFolder _folder = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Get-HomelabLog -Namespace media -Container tic", "ticker")]
    [InlineData("Get-HomelabEvent -Namespace media -For Pod/media/imagel", "Pod/media/imageless-")]
    [InlineData("Get-HomelabEvent -Namespace media -For imagel", "Pod/media/imageless-")]
    [InlineData("Get-HomelabEvent -Namespace media imagel", "Pod/media/imageless-")]
    [InlineData("Get-HomelabObject -Namespace media -Kind Deployment -Name tick", "ticker")]
    [InlineData("Get-HomelabObject -Namespace media Deployment/media/tick", "Deployment/media/ticker")]
    [InlineData("Get-HomelabObject -Namespace media Deployment/nothing", null)]
    [InlineData("Get-HomelabObject Node/k3s-w1", "Node/k3s-w1")]
    [InlineData("Get-HomelabObject Kustomiz", "Kustomization/")]
    [InlineData("Get-HomelabObject NoSuchKind/x", null)]
    [InlineData("Get-HomelabNode k3s-w1", "k3s-w1")]
    [InlineData("Get-HomelabPod -Namespace media -App tick", "ticker")]
    [InlineData("Get-HomelabPod -Namespace medi", "media")]
    [InlineData("Get-FluxKustomization -Namespace flux-system app", "apps")]
    [InlineData("Get-HomelabObject -Kind Kustomiz", "Kustomization")]
    public void Names_complete(string line, string? first)
    {
        var matches = Complete(line).ToList();

        if (first is null)
        {
            Assert.Empty(matches);
        }
        else
        {
            Assert.Contains(matches, match => match.StartsWith(first, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Tab_starts_no_login()
    {
        var marker = Path.Combine(_folder.Path, "started");
        var plugin = _folder.File("plugin", $"#!/bin/sh\ntouch '{marker}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var file = _folder.File("config", KubeConfigs.Of(Lab.Field("server"), user: $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: '{plugin}', interactiveMode: Never }}"));

        Assert.All(
            new[] { "Get-HomelabNode -KubeConfig FILE -Name k", "Get-HomelabPod -KubeConfig FILE -Namespace m", "Get-HomelabObject -KubeConfig FILE -Kind D", "Get-FluxStatus -KubeConfig FILE -Name a" },
            line => Assert.Empty(Complete(line.Replace("FILE", file, StringComparison.Ordinal))));
        Assert.False(File.Exists(marker));

        // The command itself does log in.
        Assert.Equal(["ExecPluginFailed"], Run("Get-HomelabNode -KubeConfig $file", ("file", file)).ErrorIds);
        Assert.True(File.Exists(marker));
    }

    // PowerShell falls back to names of files, of which there are none in an empty folder.
    private IEnumerable<string> Complete(string line) =>
        Run(
            "$null = $ExecutionContext.SessionState.Path.SetLocation($folder); (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches | Where-Object { $_.ResultType -eq 'ParameterValue' } | ForEach-Object { $_.CompletionText }",
            ("line", line),
            ("folder", _folder.Path)).ThrowIfFailed().Strings!;
}
