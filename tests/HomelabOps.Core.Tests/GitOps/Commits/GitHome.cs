using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A bare remote with some manifests, clones of it, a cache and a journal, in a folder that is gone afterwards.</summary>
internal sealed class GitHome : IDisposable
{
    public const string Sonarr = "apps/media/sonarr/deployment.yaml";

    public GitHome()
    {
        Folder = Directory.CreateTempSubdirectory("homelabops-commits-").FullName;
        Remote = At("remote.git");
        GitCommand.Run(Folder, "init", "--quiet", "--bare", "--initial-branch=main", Remote);
        var seed = Clone("seed");
        Write(seed, Sonarr, "image: sonarr:4.0.0\nreplicas: 1\n");
        Write(seed, "apps/media/radarr/deployment.yaml", "image: radarr:5.0.0\n");
        Write(seed, "README.md", "My homelab\n");
        Push(seed, "Begin");
    }

    public string Folder { get; }

    public string Remote { get; }

    public ChangeJournal Journal => new(At("journal"));

    public string RemoteTip => GitCommand.Run(Remote, "rev-parse", "main");

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>A clone of the remote that Anna works in.</summary>
    public string Clone(string name, string? address = null)
    {
        GitCommand.Run(Folder, "clone", "--quiet", address ?? Remote, At(name));
        GitCommand.Run(At(name), "symbolic-ref", "HEAD", "refs/heads/main");
        GitCommand.Run(At(name), "config", "user.name", "Anna");
        GitCommand.Run(At(name), "config", "user.email", "anna@example.org");
        return At(name);
    }

    /// <summary>Commits all in a clone and pushes it, as somebody else would; gives the commit.</summary>
    public static string Push(string clone, string message)
    {
        GitCommand.Run(clone, "add", "--all");
        GitCommand.Run(clone, "commit", "--quiet", "-m", message);
        GitCommand.Run(clone, "push", "--quiet", "-u", "origin", "HEAD:main");
        return GitCommand.Run(clone, "rev-parse", "HEAD");
    }

    /// <summary>A push from elsewhere.</summary>
    public string PushElsewhere(string path, string text)
    {
        GitCommand.Run(At("seed"), "pull", "--quiet", "--rebase", "origin", "main");
        Write(At("seed"), path, text);
        return Push(At("seed"), $"Change {path}");
    }

    public static void Write(string clone, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(clone, path))!);
        File.WriteAllText(Path.Combine(clone, path), text);
    }

    /// <summary>Lets a shell script run at some point of a repository's life.</summary>
    public static void Hook(string repository, string name, string script)
    {
        Write(repository, $"hooks/{name}", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(repository, "hooks", name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string RemoteText(string path) => GitCommand.Run(Remote, "show", $"main:{path}");

    public RepositoryCommitter Committer(string clone, Action<CommitStep>? reached = null) =>
        new(RepositoryLocation.OfFolder(clone), Journal) { Cache = At("cache"), Reached = reached ?? (_ => { }) };

    public void Dispose()
    {
        foreach (var file in OperatingSystem.IsWindows() ? Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories) : [])
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Scratch.Delete(Folder);
    }
}
