using System.Globalization;
using HomelabOps.Core.GitOps.Commits.Transports;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>Writes commits into an object database, signed where the settings say so. No reference leads to them.</summary>
/// <param name="git">The user's git, which signs; null where there is none.</param>
internal sealed class CommitWriter(GitProgram? git)
{
    /// <summary>Writes one; gives its hash.</summary>
    /// <exception cref="HomelabException">CommitAuthorMissing, CommitSigningFailed.</exception>
    public async Task<string> WriteAsync(Repository repository, Commit parent, Tree tree, string message, CancellationToken cancellationToken)
    {
        var by = CommitAuthor.Of(repository);
        if (!repository.Config.GetValueOrDefault("commit.gpgsign", false))
        {
            return repository.ObjectDatabase.CreateCommit(by.Author, by.Committer, message + "\n", tree, [parent], prettifyMessage: false).Sha;
        }

        var folder = repository.Info.WorkingDirectory ?? repository.Info.Path;
        if (git is null)
        {
            throw Errors.CommitSigningFailed(folder, Errors.Text("Detail_SigningGit"));
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (role, signature) in new[] { ("AUTHOR", by.Author), ("COMMITTER", by.Committer) })
        {
            variables[$"GIT_{role}_NAME"] = signature.Name;
            variables[$"GIT_{role}_EMAIL"] = signature.Email;
            variables[$"GIT_{role}_DATE"] = signature.When.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        }

        var answer = await git.RunAsync(folder, ["commit-tree", "-S", "-p", parent.Sha, tree.Sha], variables, message + "\n", cancellationToken);
        return answer.ExitCode == 0 ? answer.Output.Trim() : throw Errors.CommitSigningFailed(folder, GitFailure.Sentence(answer.Errors));
    }
}
