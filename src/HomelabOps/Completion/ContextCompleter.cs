using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps.Completion;

/// <summary>Completes names of kubeconfig contexts.</summary>
internal sealed class ContextCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var location = KubeConfig.Find(EnginePaths.FullPath(fakeBoundParameters["KubeConfig"]), EnginePaths.Environment);
            return location.IsInCluster ? [] : Completions.Of(KubeConfig.Load(location.Paths).Contexts.Keys, wordToComplete);
        }
        catch (Exception error) when (error is HomelabException or RuntimeException)
        {
            // Whoever presses Tab does not want to read errors; the command will tell.
            return [];
        }
    }
}
