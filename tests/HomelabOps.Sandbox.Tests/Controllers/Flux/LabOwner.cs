using HomelabOps.Cluster.Tests;
using HomelabOps.Testing;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>The owner of a homelab on the lab: a home folder, a clone with its remote, and the module in processes of its own.</summary>
internal sealed class LabOwner : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string _home = Directory.CreateTempSubdirectory("homelabops-home-").FullName;

    public string Clone => Path.Combine(_home, "clone");

    /// <summary>What the module writes down.</summary>
    public string State => Path.Combine(_home, "state");

    public void Dispose() => RuntimeFolder.Delete(_home);

    /// <summary>Clones a repository, which takes pushes from then on.</summary>
    public void CloneFrom(GitRemote git)
    {
        using (var remote = new Repository(git.Url))
        {
            remote.Config.Set("core.bare", true);
        }

        Repository.Clone(git.Url, Clone);
        using var clone = new Repository(Clone);
        clone.Config.Set("user.name", "Anna");
        clone.Config.Set("user.email", "anna@example.org");
    }

    /// <summary>The lines that a script gives, which must not fail.</summary>
    public async Task<string[]> RunAsync(string script)
    {
        var result = await ConsoleAsync(script, Cluster.Stop);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Lines;
    }

    /// <summary>Runs a script, connected to the lab. Cancelling kills the process.</summary>
    public Task<ConsoleProcess.Result> ConsoleAsync(string script, CancellationToken stop) => ConsoleProcess.RunForAsync(
        Patience,
        $"$ErrorActionPreference = 'Stop'; $null = Connect-Homelab -KubeConfig '{Lab.KubeConfig}' -Repository '{Clone}'; {script}",
        stop,
        ("HOME", _home),
        ("HOMELABOPS_STATE", State));
}
