using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>A real Git repository in a folder of its own.</summary>
internal sealed class GitRemote : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-git-").FullName;
    private readonly Repository _repository;

    public GitRemote()
    {
        Repository.Init(_folder);
        _repository = new Repository(_folder);
        _repository.Refs.UpdateTarget("HEAD", "refs/heads/main");
    }

    public string Url => _folder;

    /// <summary>The newest commit.</summary>
    public string Head => _repository.Head.Tip.Sha;

    /// <summary>Commits files; a null text deletes one. Gives the commit.</summary>
    public string Commit(string message, params (string Path, string? Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(_folder, path);
            if (text is null)
            {
                File.Delete(full);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.WriteAllText(full, text);
            }
        }

        Commands.Stage(_repository, "*");
        var author = new Signature("Anna", "anna@example.org", DateTimeOffset.Now);
        return _repository.Commit(message, author, author, new CommitOptions { AllowEmptyCommit = true }).Sha;
    }

    public void Dispose()
    {
        _repository.Dispose();
        RuntimeFolder.Delete(_folder);
    }
}
