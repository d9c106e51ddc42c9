using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Relative paths start from where PowerShell is, which is not where the process is.</summary>
[Collection(nameof(ProcessWide))]
public sealed class WorkingFolderTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("KUBECONFIG");
    private readonly MinimalApiServer _server = new();
    private readonly Engine _engine = new();

    public WorkingFolderTests() =>
        _engine.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($folder)", ("folder", Folder)).ThrowIfFailed();

    private string Folder => Path.GetDirectoryName(_server.KubeConfig)!;

    public void Dispose()
    {
        _engine.Run("Disconnect-Homelab -ErrorAction Ignore");
        Environment.SetEnvironmentVariable("KUBECONFIG", _before);
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", null);
        _engine.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData("config", "")]
    [InlineData("./none:./config", "")]
    [InlineData(null, "./config")]
    [InlineData("nowhere", "config")]
    public void A_kubeconfig_is_found(string? variable, string typed)
    {
        Environment.SetEnvironmentVariable("KUBECONFIG", variable?.Replace(':', Path.PathSeparator));

        var connection = _engine.Run($"Connect-Homelab {typed}").ThrowIfFailed().Output.Single();

        Assert.EndsWith(_server.KubeConfig, (string)connection.Properties["KubeConfigPath"].Value, StringComparison.Ordinal);
        _engine.Run("Disconnect-Homelab").ThrowIfFailed();
        Assert.Equal(["ResourceTypeNotServed"], _engine.Run($"Get-HomelabPod {(typed.Length == 0 ? "" : "-KubeConfig " + typed)}").ErrorIds);
    }

    [Fact]
    public void A_homelab_yaml_is_found()
    {
        File.WriteAllText(Path.Combine(Folder, "homelab.yaml"), "primaryNode: here\n");
        Assert.Equal(["here"], _engine.Run("(Get-HomelabConfig ./homelab.yaml).PrimaryNode").ThrowIfFailed().Strings);

        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", "homelab.yaml");
        Assert.Equal(["here"], _engine.Run("(Get-HomelabConfig).PrimaryNode").ThrowIfFailed().Strings);
        Assert.Equal(Path.Combine(Folder, "homelab.yaml"), _engine.Run("Connect-Homelab ./config").ThrowIfFailed().Output.Single().Properties["ConfigPath"].Value);
    }

    [Fact]
    public void A_runspace_without_file_system_reads_from_the_folder_of_the_process()
    {
        Environment.SetEnvironmentVariable("KUBECONFIG", null);
        var typed = Path.GetRelativePath(Environment.CurrentDirectory, _server.KubeConfig);
        using var engine = new Engine(hasFileSystem: false);

        Assert.EndsWith(_server.KubeConfig, (string)engine.Run("Connect-Homelab -KubeConfig $typed", ("typed", typed)).ThrowIfFailed().Output.Single().Properties["KubeConfigPath"].Value, StringComparison.Ordinal);
        engine.Run("Disconnect-Homelab").ThrowIfFailed();
    }

    [Theory]
    [InlineData("config", "Connect-Homelab -Context t")]
    [InlineData(null, "Connect-Homelab -KubeConfig ./config -Context t")]
    public void Contexts_complete_from_it(string? variable, string line)
    {
        Environment.SetEnvironmentVariable("KUBECONFIG", variable);

        var matches = _engine.Run("(TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText", ("line", line)).ThrowIfFailed().Strings;

        Assert.Equal(["two"], matches);
    }
}
