using System.Globalization;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// Filters of other programs, such as LFS and git-crypt, which .gitattributes ask for. libgit2 does not run them, so the user's git does:
/// without them each such file looks as if somebody had changed it.
/// </summary>
internal sealed class FileFilters
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly GitProgram _git;
    private readonly string _folder;
    private readonly HashSet<string> _paths;

    private FileFilters(GitProgram git, string folder, IEnumerable<string> paths)
    {
        (_git, _folder) = (git, folder);

        // Path, attribute and value of each, with a NUL behind each of the three.
        var answer = Run(["check-attr", "-z", "--stdin", "filter"], NoVariables, string.Concat(paths.Select(path => path + '\0'))).Split('\0');
        _paths = answer.Chunk(3).Where(part => part is [_, _, not ("unspecified" or "unset")]).Select(part => part[0]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The filters of some files; null where there are none at all, or no git to run them.</summary>
    /// <param name="copy">The working copy.</param>
    /// <param name="paths">The files.</param>
    /// <exception cref="IOException">Git cannot tell.</exception>
    public static FileFilters? Of(WorkTree copy, IReadOnlyCollection<string> paths) =>
        paths.Count > 0 && copy.Repository.Config.Any(entry => entry.Key.StartsWith("filter.", StringComparison.Ordinal)) && GitProgram.Find() is { } git
            ? new(git, copy.Info.WorkingDirectory, paths)
            : null;

    /// <summary>Whether a file has one.</summary>
    public bool Has(string path) => _paths.Contains(path);

    /// <summary>What git would store of a file as it is in the folder. Nothing is stored.</summary>
    /// <exception cref="IOException">The filter failed.</exception>
    public ObjectId Clean(string path) => new(Run(["hash-object", "--", path], NoVariables, null).Trim());

    /// <summary>What git would store of it without its filter. Nothing is stored.</summary>
    public ObjectId Plain(string path) => new(Run(["hash-object", "--no-filters", "--", path], NoVariables, null).Trim());

    /// <summary>Writes a file as git would check it out.</summary>
    /// <param name="blob">What git has stored.</param>
    /// <param name="mode">What kind of file.</param>
    /// <param name="path">The file, whose filter is used.</param>
    /// <param name="target">Where it is written to; what else is written on the way lies beside it.</param>
    /// <exception cref="IOException">The filter failed.</exception>
    public void Write(ObjectId blob, Mode mode, string path, string target)
    {
        // An index of its own, so that nobody's is touched.
        var (index, folder) = (target + ".index", target + ".out");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = index };
        try
        {
            var kind = Convert.ToString((int)mode, 8).ToString(CultureInfo.InvariantCulture);
            Run(["update-index", "--add", "--cacheinfo", $"{kind},{blob.Sha},{path}"], variables, null);
            Run(["checkout-index", "--quiet", "--force", $"--prefix={folder}/", "--", path], variables, null);
            File.Move(Path.Combine(folder, path), target);
        }
        finally
        {
            File.Delete(index);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private string Run(string[] arguments, Dictionary<string, string> variables, string? input)
    {
        var answer = _git.RunAsync(_folder, arguments, variables, input, CancellationToken.None).GetAwaiter().GetResult();
        return answer.ExitCode == 0 ? answer.Output : throw new IOException(GitFailure.Sentence(answer.Errors));
    }
}
