using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HomelabOps.Console;

/// <summary>
/// Says of a cmdlet that pwsh has and the engine alone has not where it is and what works instead. The engine asks here only
/// after it has searched the session and PSModulePath, so on a machine that has those modules they are loaded as ever.
/// </summary>
internal static class MissingCommands
{
    private static readonly Lazy<Dictionary<string, (string Name, string Module)>> Cmdlets = new(() =>
    {
        Dictionary<string, (string Name, string Module)> cmdlets = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string module, string names) in MissingCommandTable.Modules)
        {
            foreach (string name in names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                cmdlets[name] = (name, module);
            }
        }

        return cmdlets;
    });

    // Set by the handler for the constructor that the engine calls next, on the same thread.
    [ThreadStatic]
    private static string? _asked;

    public static void Explain(Runspace runspace) =>
        runspace.SessionStateProxy.InvokeCommand.CommandNotFoundAction = static (_, lookup) => Handle(lookup);

    /// <returns>The sentence for the user, or null for a name that pwsh does not know either.</returns>
    internal static string? Describe(string name)
    {
        // Module\Name is a name too.
        string command = name[(name.LastIndexOf('\\') + 1)..];
        string? aliased = MissingCommandTable.Aliases.GetValueOrDefault(command);
        if (!Cmdlets.Value.TryGetValue(aliased ?? command, out var cmdlet))
        {
            return null;
        }

        string subject = aliased is null ? $"'{cmdlet.Name}'" : $"'{command}' stands for '{cmdlet.Name}', which";
        string origin = cmdlet.Module == MissingCommandTable.Pester
            ? "is of the module Pester, which runs in pwsh"
            : $"is of the module {cmdlet.Module}, which pwsh 7.6 has";
        string instead = MissingCommandHints.For(cmdlet.Name) is { } hint ? $" Here instead: {hint}" : " Run it in pwsh 7.6.";
        return $"{subject} {origin}. This console has only PowerShell's engine.{instead}";
    }

    private static void Handle(CommandLookupEventArgs lookup)
    {
        if (Describe(lookup.CommandName) is { } explanation)
        {
            // Exceptions of a handler are swallowed. A cmdlet whose constructor throws fails where the engine's own lookup
            // would have: before the pipeline starts, and as an error of the statement, not of the script.
            _asked = explanation;
            lookup.Command = new CmdletInfo(lookup.CommandName, typeof(MissingCommand));
        }
    }

    /// <summary>Never comes to life: creating it is the error.</summary>
    [Cmdlet("Missing", "Command")]
    private sealed class MissingCommand : PSCmdlet
    {
        public MissingCommand() => throw new CommandNotFoundException(_asked ?? "The command was not found.");
    }
}
