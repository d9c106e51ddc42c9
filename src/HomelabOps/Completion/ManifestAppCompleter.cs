using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core;
using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Completion;

/// <summary>Completes names of the applications of a repository, without a cluster.</summary>
internal sealed class ManifestAppCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1500);

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var folder = EnginePaths.FullPath(fakeBoundParameters["Repository"]) ?? RepositoryFolder.Find(null, null, Session.Default?.Connection, EnginePaths.Environment.WorkingFolder);
            using var limit = new CancellationTokenSource(Limit);
            return Completions.Of(AppManifests.Names(folder, limit.Token), wordToComplete);
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException or IOException or UnauthorizedAccessException or RuntimeException)
        {
            // Whoever presses Tab does not want to read errors; the command will tell.
            return [];
        }
    }
}
