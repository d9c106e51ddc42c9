using System.Text;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// Takes files to Git through the filter that .gitattributes give them, such as those of LFS and git-crypt: what must not be there in plain
/// never is, nor stays when it is changed after the filter was declared. libgit2 runs no filters, so the user's git does. What cannot be filtered is not committed.
/// </summary>
/// <param name="git">The user's git; null where there is none.</param>
/// <param name="place">Where the commit is made.</param>
internal sealed class CommitFilters(GitProgram? git, CommitPlace place)
{
    private const string Attributes = ".gitattributes";

    /// <summary>Stores the content of the files that have a filter.</summary>
    /// <param name="tip">The commit that is changed.</param>
    /// <param name="changes">What changes.</param>
    /// <param name="cancellationToken">Ends the filters.</param>
    /// <returns>What git has stored of each, by path.</returns>
    /// <exception cref="HomelabException">FileFilterUnusable.</exception>
    public async Task<IReadOnlyDictionary<string, ObjectId>> StoreAsync(Commit tip, IReadOnlyList<FileChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Where(change => change is { Before: not null, After: not null, IsStored: false } && IsForeign(change.Before) && !IsForeign(change.After)))
        {
            throw Unusable(change.Path, NameOf(change.Before!), "Detail_FilterStored");
        }

        var blobs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        FileChange[] written = [.. changes.Where(change => change is { After: not null, IsStored: false } && !IsForeign(change.After) && change.Mode != Mode.SymbolicLink)];
        var attributes = Find(tip, changes, written);
        if (written.Length == 0 || (attributes.Count == 0 && !HasOwn()))
        {
            return blobs;
        }

        if (git is null)
        {
            throw Unusable(written[0].Path, "filter", "Detail_FilterNoGit");
        }

        using var run = new Run(git, place.Repository, attributes);
        foreach (var (change, filter) in await run.FiltersAsync(written, cancellationToken))
        {
            await CheckAsync(run, change.Path, filter, cancellationToken);
            var answer = await run.StoreAsync(change, filter, cancellationToken);
            blobs[change.Path] = answer.ExitCode == 0 ? new(answer.Output.Trim()) : throw Unusable(change.Path, filter, "Detail_FilterFailed", GitFailure.Sentence(answer.Errors));
        }

        return blobs;
    }

    // What stands for another content: bytes of git-crypt, or a pointer of LFS.
    private static bool IsForeign(byte[] content) => NameOf(content).Length > 0;

    private static string NameOf(byte[] content) => SourceText.IsEncrypted(content) ? "git-crypt" : content.AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8) ? "lfs" : "";

    // The attributes as they will be, of the folders that lead to them; none where they do not speak of filters.
    private static Dictionary<string, byte[]> Find(Commit tip, IReadOnlyList<FileChange> changes, FileChange[] written)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var folder in written.SelectMany(change => Above(change.Path)).Distinct(StringComparer.Ordinal))
        {
            var path = folder + Attributes;
            var content = changes.FirstOrDefault(change => change.Path == path) is { } changed ? changed.After : tip[path]?.Target is Blob blob ? Encoding.UTF8.GetBytes(blob.GetContentText()) : null;
            if (content is not null)
            {
                found[path] = content;
            }
        }

        return found.Values.Any(Speaks) ? found : [];
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = BuildPath.Folder("/" + path); folder != "/"; folder = BuildPath.Folder(folder))
        {
            yield return folder[1..] + "/";
        }

        yield return "";
    }

    private static bool Speaks(byte[] attributes) => attributes.AsSpan().IndexOf("filter"u8) >= 0;

    // Attributes that are not in the repository: those of the clone, of the user and of the machine.
    private bool HasOwn()
    {
        var home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        var named = place.Repository.Config.Get<string>("core.attributesFile")?.Value;
        named = named?.StartsWith("~/", StringComparison.Ordinal) == true ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), named[2..]) : named;
        string[] files = [Path.Combine(place.Repository.Info.Path, "info", "attributes"), named ?? Path.Combine(home, "git", "attributes"), "/etc/gitattributes"];
        return Array.Exists(files, file => File.Exists(file) && Speaks(File.ReadAllBytes(file)));
    }

    private async Task CheckAsync(Run run, string path, string filter, CancellationToken cancellationToken)
    {
        if (place is PrivateClone)
        {
            throw Unusable(path, filter, "Detail_FilterRemote");
        }

        if (!place.Repository.Config.Any(entry => entry.Key == $"filter.{filter}.clean" || entry.Key == $"filter.{filter}.process"))
        {
            throw Unusable(path, filter, "Detail_FilterMissing", filter == "git-crypt" ? "git-crypt unlock" : filter == "lfs" ? "git lfs install" : $"git config filter.{filter}.clean");
        }

        // A push would bring the pointer and not what it points to.
        if (filter == "lfs" && !await run.HasHookAsync("pre-push", cancellationToken))
        {
            throw Unusable(path, filter, "Detail_FilterMissing", "git lfs install");
        }
    }

    private HomelabException Unusable(string path, string filter, string key, string detail = "") => Errors.FileFilterUnusable(path, filter, Errors.Text(key, place.Name, detail));

    // Git reads attributes from a working copy. This one has nothing else, so that they are those of the commit that is made.
    private sealed class Run : IDisposable
    {
        private readonly GitProgram _git;
        private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
        private readonly Dictionary<string, string> _variables;

        public Run(GitProgram git, Repository repository, Dictionary<string, byte[]> attributes)
        {
            _git = git;
            _variables = new(StringComparer.Ordinal)
            {
                ["GIT_DIR"] = Path.TrimEndingDirectorySeparator(repository.Info.Path),
                ["GIT_WORK_TREE"] = _folder,
                ["GIT_INDEX_FILE"] = Path.Combine(_folder, ".index"),
            };
            foreach (var (path, content) in attributes)
            {
                var file = Path.Combine(_folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, content);
            }
        }

        public async Task<IReadOnlyList<(FileChange Change, string Filter)>> FiltersAsync(FileChange[] written, CancellationToken cancellationToken)
        {
            // Path, attribute and value of each, with a NUL behind each of the three.
            var answer = await RunAsync(["check-attr", "-z", "--stdin", "filter"], string.Concat(written.Select(change => change.Path + '\0')), cancellationToken);
            return answer.ExitCode == 0
                ? [.. answer.Output.Split('\0').Chunk(3).Where(part => part is [_, _, not ("unspecified" or "unset" or "set")]).Select(part => (written.First(change => change.Path == part[0]), part[2]))]
                : throw new IOException(GitFailure.Sentence(answer.Errors));
        }

        public async Task<bool> HasHookAsync(string name, CancellationToken cancellationToken) =>
            await RunAsync(["rev-parse", "--git-path", $"hooks/{name}"], null, cancellationToken) is { ExitCode: 0 } answer && File.Exists(Path.Combine(_folder, answer.Output.Trim()));

        // A filter that fails must not let the content through as it is.
        public Task<GitAnswer> StoreAsync(FileChange change, string filter, CancellationToken cancellationToken) => Encoding.UTF8.GetString(change.After!) is var text && Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(change.After)
            ? RunAsync(["-c", $"filter.{filter}.required=true", "hash-object", "-w", "--stdin", "--path", change.Path], text, cancellationToken)
            : throw Errors.ManifestEditRefused(change.Path, 1, 1, "Detail_EditEncoding");

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private Task<GitAnswer> RunAsync(string[] arguments, string? input, CancellationToken cancellationToken) => _git.RunAsync(_folder, arguments, _variables, input, cancellationToken);
    }
}
