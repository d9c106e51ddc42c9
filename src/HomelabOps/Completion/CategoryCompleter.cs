using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Applications.Scaffolding;

namespace HomelabOps.Completion;

/// <summary>Completes the folders that a repository has its applications in.</summary>
internal sealed class CategoryCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1500);

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var folder = EnginePaths.FullPath(fakeBoundParameters["Repository"]) ?? RepositoryFolder.Find(null, null, Session.Default?.Connection, EnginePaths.Environment.WorkingFolder);
            using var limit = new CancellationTokenSource(Limit);
            var files = new DiskFiles(folder);
            var layout = new RepositoryLayout(files, RepositoryIndex.Read(files, limit.Token), new() { AppsFolder = fakeBoundParameters["AppsFolder"] as string });
            return Completions.Of(layout.Categories, wordToComplete);
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException or IOException or UnauthorizedAccessException or RuntimeException)
        {
            // Whoever presses Tab does not want to read errors; the command will tell.
            return [];
        }
    }
}
