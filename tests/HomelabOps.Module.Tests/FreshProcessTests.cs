using HomelabOps.Testing;
using Mono.Cecil;

namespace HomelabOps.Module.Tests;

/// <summary>What depends on the order in which a process loads things.</summary>
public sealed class FreshProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Another_YamlDotNet_that_was_loaded_first_does_no_harm()
    {
        var kubeConfig = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(
            kubeConfig,
            """
            current-context: here
            contexts: [{name: here, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
            users: [{name: u, user: {}}]
            """,
            Token);

        var result = await ConsoleProcess.RunAsync(
            $$"""
            $foreign = [System.Reflection.Assembly]::LoadFrom('{{Build.Metadata("ForeignYamlDotNet")}}')
            Import-Module '{{Build.Manifest}}'
            $foreign.GetName().Version.ToString()
            try { Connect-Homelab '{{kubeConfig}}' } catch { $_.FullyQualifiedErrorId }
            """,
            import: false,
            Token);

        // The kubeconfig was understood, which takes our YamlDotNet; only the server is not there.
        Assert.Equal(["16.0.0.0", "ClusterUnreachable,HomelabOps.Cmdlets.Connection.ConnectHomelabCommand"], result.Lines);
    }

    [Fact]
    public async Task Another_version_of_Model_asks_for_a_new_session()
    {
        var other = Path.Combine(_folder, "HomelabOps.Model.dll");
        using (var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(Build.Module, "HomelabOps.Model.dll")))
        {
            assembly.Name.Version = new Version(9, 8, 7, 0);
            assembly.Write(other);
        }

        var result = await ConsoleProcess.RunAsync(
            $$"""
            $null = [System.Reflection.Assembly]::LoadFrom('{{other}}')
            try { Import-Module '{{Build.Manifest}}' -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
            """,
            import: false,
            Token);

        Assert.StartsWith("RestartRequired", result.Output, StringComparison.Ordinal);
        Assert.Contains("9.8.7.0", result.Output, StringComparison.Ordinal);
        Assert.Contains("new PowerShell session", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cmdlet_is_found_by_its_name_alone()
    {
        var result = await ConsoleProcess.RunAsync(
            "Get-HomelabConnection; (Get-Module).Name",
            import: false,
            Token,
            ("PSModulePath", Path.GetDirectoryName(Build.Module)));

        Assert.Equal("", result.Error);
        Assert.Equal(["HomelabOps"], result.Lines);
    }

    [Fact]
    public async Task An_import_loads_neither_Git_nor_the_Kubernetes_client()
    {
        var result = await ConsoleProcess.RunAsync(
            "[System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name }",
            import: true,
            Token);

        Assert.Contains("HomelabOps", result.Lines);
        Assert.DoesNotContain("LibGit2Sharp", result.Lines);
        Assert.DoesNotContain("KubernetesClient", result.Lines);
        Assert.DoesNotContain("YamlDotNet", result.Lines);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
