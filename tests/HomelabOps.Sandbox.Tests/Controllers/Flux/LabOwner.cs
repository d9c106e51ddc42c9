using HomelabOps.Cluster.Tests;
using HomelabOps.Testing;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>The owner of a homelab on the lab: a home folder, a clone with its remote, and the module in processes of its own.</summary>
internal sealed class LabOwner : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, RoleGrant> _grants = new(StringComparer.Ordinal);
    private readonly string _home = Directory.CreateTempSubdirectory("homelabops-home-").FullName;

    public string Clone => Path.Combine(_home, "clone");

    /// <summary>What the module writes down.</summary>
    public string State => Path.Combine(_home, "state");

    public void Dispose()
    {
        RuntimeFolder.Delete(_home);
        foreach (var grant in _grants.Values)
        {
            grant.Dispose();
        }
    }

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

    /// <summary>The lines that a script gives, which must not fail, and for which nothing is refused.</summary>
    /// <param name="script">The script.</param>
    /// <param name="role">The role of deploy/rbac that the owner has then, instead of all rights.</param>
    public async Task<string[]> RunAsync(string script, string? role = null)
    {
        var result = await ConsoleAsync(script, Cluster.Stop, role);
        Assert.DoesNotMatch("(?i)you may not|forbidden", role is null ? "" : $"{result.Error}{result.Output}");
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Lines;
    }

    /// <summary>Runs a script, connected to the lab. Cancelling kills the process.</summary>
    public Task<ConsoleProcess.Result> ConsoleAsync(string script, CancellationToken stop, string? role = null) => ConsoleProcess.RunForAsync(
        Patience,
        $"$ErrorActionPreference = 'Stop'; $null = Connect-Homelab -KubeConfig '{(role is null ? Lab.KubeConfig : Grant(role))}' -Repository '{Clone}'; {script}",
        stop,
        ("HOME", _home),
        ("HOMELABOPS_STATE", State));

    private string Grant(string role)
    {
        if (!_grants.TryGetValue(role, out var grant))
        {
            _grants[role] = grant = new(role);
        }

        return grant.KubeConfig;
    }
}
