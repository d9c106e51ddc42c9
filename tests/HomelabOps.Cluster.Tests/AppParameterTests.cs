namespace HomelabOps.Cluster.Tests;

/// <summary>An application means itself wherever its name does.</summary>
[Collection(nameof(Alone))]
public sealed class AppParameterTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData("Get-HomelabVolume -App {0} | ForEach-Object Claim")]
    [InlineData("Get-HomelabPod -App {0} | Where-Object Name -notlike 'volsync-*' | ForEach-Object App")]
    [InlineData("Get-HomelabLog -App {0} -Tail 1 | ForEach-Object Container")]
    [InlineData("Invoke-HomelabPod -App {0} -Command 'echo one' | ForEach-Object Container")]
    [InlineData("Get-PodStorage -App {0} | ForEach-Object Path")]
    [InlineData("Get-HomelabManifestHistory {0} | ForEach-Object Commit")]
    public void Objects_are_as_good_as_names(string command)
    {
        var typed = Run(command, "sonarr");
        Assert.NotEmpty(typed);
        Assert.Equal(typed, Run(command, "(Get-HomelabApp sonarr)"));
        Assert.Equal(typed, Run(command, "(Get-HomelabApp sonarr).Reference"));
    }

    private string?[] Run(string command, string app) => [.. sandbox.Run(string.Format(null, command, app)).ThrowIfFailed().Strings.Order(StringComparer.Ordinal)];
}
