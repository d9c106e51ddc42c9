using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core.Drills;

namespace HomelabOps.Completion;

/// <summary>Completes names of drills.</summary>
internal sealed class DrillCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(DrillCatalog.All.Select(scenario => scenario.Name), wordToComplete);
}
