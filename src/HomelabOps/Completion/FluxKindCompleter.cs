using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core.Flux;

namespace HomelabOps.Completion;

/// <summary>Completes kinds of Flux, without asking anybody.</summary>
internal sealed class FluxKindCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(commandName.EndsWith("FluxSource", StringComparison.OrdinalIgnoreCase) ? FluxKind.Sources : FluxKind.All, wordToComplete);
}
