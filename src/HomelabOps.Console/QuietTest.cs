using System.Management.Automation.Language;

namespace HomelabOps.Console;

/// <summary>A command that ends with a test that gives one Boolean, for schedules: false is no error, and still not what the schedule wants.</summary>
internal static class QuietTest
{
    private const string Command = "Test-Homelab";
    private const string Switch = "Quiet";

    /// <summary>Whether the last statement of a script is <c>Test-Homelab -Quiet</c>, and so its Boolean what was asked for.</summary>
    public static bool Ends(string text) =>
        Parser.ParseInput(text, out _, out _).EndBlock?.Statements is [.., PipelineAst { PipelineElements: [.., CommandAst command] }]
        && command.GetCommandName() is { } name && name[(name.LastIndexOf('\\') + 1)..].Equals(Command, StringComparison.OrdinalIgnoreCase)
        && command.CommandElements.OfType<CommandParameterAst>().Any(parameter => parameter.Argument is null && Switch.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase));
}
