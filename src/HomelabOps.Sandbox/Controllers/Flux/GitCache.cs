using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Copies of the repositories that sources name, bare, one an address. What was fetched stays readable when the remote is gone.</summary>
/// <param name="folder">Where the copies are; deleted at the end.</param>
/// <param name="remoteOf">Where the repository of an address really is.</param>
internal sealed class GitCache(string folder, Func<string, string> remoteOf) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>Fetches a repository and gives the commit that the reference means.</summary>
    /// <param name="url">Address: https, ssh, file, or a path.</param>
    /// <param name="reference">Which commit.</param>
    /// <param name="login">What the source's Secret has; null for none.</param>
    /// <exception cref="LibGit2SharpException">It cannot be reached, refuses, or lacks the reference.</exception>
    public string Fetch(string url, GitReference reference, GitLogin? login)
    {
        var entry = Find(url);
        lock (entry.Gate)
        {
            Fetch(entry.Repository, login);
            return reference.Find(entry.Repository)?.Sha ?? throw new NotFoundException($"couldn't find remote ref \"{reference}\"");
        }
    }

    /// <summary>Works on the files of a commit; they are readable only meanwhile.</summary>
    /// <exception cref="LibGit2SharpException">It was not fetched, and cannot be.</exception>
    public T Read<T>(string url, string commit, Func<IBuildFiles, T> work) =>
        With(url, repository => work(new GitTreeFiles(repository, Find(repository, commit).Tree)));

    /// <summary>The first tag by name that points at a commit; null where none does.</summary>
    public string? TagOf(string url, string commit) => With(url, repository => repository.Tags.FirstOrDefault(tag => tag.Target.Peel<Commit>().Sha == commit)?.FriendlyName);

    /// <summary>The first line of a commit's message.</summary>
    public string Subject(string url, string commit) => With(url, repository => repository.Lookup<Commit>(commit).MessageShort);

    /// <summary>Bytes of all files of a commit: what an artifact would weigh.</summary>
    public long Size(string url, string commit) => Read(url, commit, files => Weigh(files, "/"));

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.IsValueCreated)
            {
                entry.Value.Repository.Dispose();
            }
        }

        _entries.Clear();
        RuntimeFolder.Delete(folder);
    }

    private T With<T>(string url, Func<Repository, T> work)
    {
        var entry = Find(url);
        lock (entry.Gate)
        {
            return work(entry.Repository);
        }
    }

    private static void Fetch(Repository repository, GitLogin? login)
    {
        var options = new FetchOptions { TagFetchMode = TagFetchMode.All, Prune = true };
        if (login is not null)
        {
            options.CredentialsProvider = (_, _, _) => login.Credentials;
            options.CertificateCheck = login.Trusts;
        }

        Commands.Fetch(repository, "origin", ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], options, null);
    }

    // The artifact of a source that is older than this copy was fetched by somebody else.
    private static Commit Find(Repository repository, string commit)
    {
        if (repository.Lookup<Commit>(commit) is { } known)
        {
            return known;
        }

        Fetch(repository, null);
        return repository.Lookup<Commit>(commit) ?? throw new NotFoundException($"the repository has no commit {commit}");
    }

    private static long Weigh(IBuildFiles files, string at)
    {
        var sum = 0L;
        foreach (var path in files.List(at).Select(name => at == "/" ? "/" + name : $"{at}/{name}"))
        {
            sum += files.Resolve(path) is not { } resolved ? 0 : files.IsFolder(resolved) ? Weigh(files, resolved) : files.Read(resolved).Length;
        }

        return sum;
    }

    private Entry Find(string url) => _entries.GetOrAdd(url, key => new Lazy<Entry>(() => Open(key))).Value;

    private Entry Open(string url)
    {
        // Named by a hash: an address may be long, and may carry what is nobody's business.
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..16]);
        Repository.Init(path, isBare: true);
        var repository = new Repository(path);
        repository.Network.Remotes.Add("origin", remoteOf(url));
        return new(repository);
    }

    private sealed record Entry(Repository Repository)
    {
        public Lock Gate { get; } = new();
    }
}
