namespace HomelabOps.Cluster.Tests;

/// <summary>Commands in the pods of the embedded homelab.</summary>
public sealed class PodCommandTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void A_line_is_run_by_the_shell_and_words_are_not()
    {
        var line = Run("Invoke-HomelabPod -App sonarr -Command 'echo $((1 + 2)) \"a  b\"; echo bad >&2; exit 3'").ThrowIfFailed().Output.Single();
        Assert.Equal(("3 a  b", "bad", 3), (line.Properties["Output"].Value, line.Properties["Error"].Value, line.Properties["ExitCode"].Value));
        Assert.StartsWith("Pod/media/sonarr-", $"{line.Properties["Target"].Value}", StringComparison.Ordinal);
        Assert.Equal(["$((1 + 2))"], Run("(Invoke-HomelabPod -App sonarr -Command echo, '$((1 + 2))').Output").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Piped_pods_are_all_asked()
    {
        // The pods of movers come and go by themselves.
        var names = Run("$pods = Get-HomelabPod -Namespace media | Where-Object { $_.Ready -and $_.Owner.Kind -ne 'Job' }; ($pods | Invoke-HomelabPod -Command hostname).Output").ThrowIfFailed().Strings.Order(StringComparer.Ordinal).ToList();
        Assert.True(names.Count > 3);
        Assert.Equal(Run("$pods.Name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void WhatIf_runs_nothing()
    {
        Assert.Empty(Run("Invoke-HomelabPod -App sonarr -Command 'touch /config/never' -WhatIf").ThrowIfFailed().Output);
        Assert.Equal(["1"], Run("(Invoke-HomelabPod -App sonarr -Command 'test -e /config/never').ExitCode").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Invoke-HomelabPod none -Command date", "PodNotFound")]
    [InlineData("Invoke-HomelabPod -App none -Command date", "AppNotFound")]
    [InlineData("Invoke-HomelabPod -App sonarr -Container none -Command date", "ContainerNotFound")]
    [InlineData("Invoke-HomelabPod -Command date", "NameRequired")]
    [InlineData("Invoke-HomelabPod -App sonarr -Command 'sleep 600' -TimeoutSeconds 1", "CommandTimeout")]
    [InlineData("Enter-HomelabPod -App sonarr", "NoTerminal")]
    public void What_cannot_be_done_is_an_error(string script, string id) => Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
