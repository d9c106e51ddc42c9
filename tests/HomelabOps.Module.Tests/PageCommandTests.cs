using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The commands in sentences and tables of the pages are ones that can be typed.</summary>
[Collection(nameof(ProcessWide))]
public sealed partial class PageCommandTests
{
    // The engine of the tests does not have all of them.
    private static readonly string[] OfPowerShell = ["Where-Object", "Format-List", "Get-Module"];

    [Theory]
    [InlineData("TROUBLESHOOTING.md", 60)]
    [InlineData("SECURITY.md", 6)]
    public void Cmdlets_and_parameters_are_there(string page, int least)
    {
        using var engine = new Engine();
        var text = File.ReadAllText(Path.Combine(Build.RepositoryRoot, "docs", page));
        var lines = Spans.Matches(text).Select(match => match.Groups["text"].Value).Concat(Blocks.Matches(text).SelectMany(match => match.Groups["text"].Value.Split('\n')))
            .Select(line => line.Replace("\\|", "|", StringComparison.Ordinal)).Where(line => Cmdlet.IsMatch(line)).ToList();
        Assert.True(lines.Count >= least, $"{lines.Count} commands");
        foreach (var line in lines)
        {
            var script = Parser.ParseInput(line, out _, out var errors);
            Assert.True(errors.Length == 0, line);
            foreach (var command in script.FindAll(part => part is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Where(command => !OfPowerShell.Contains(command.GetCommandName())))
            {
                var known = engine.Run("(Get-Command $name).Parameters.Keys", ("name", command.GetCommandName())).ThrowIfFailed().Strings.ToList();
                Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.True(known.Contains(parameter.ParameterName, StringComparer.OrdinalIgnoreCase), $"{line}: -{parameter.ParameterName}"));
            }
        }
    }

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spans { get; }

    [GeneratedRegex("```powershell\n(?<text>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks { get; }

    [GeneratedRegex("^[A-Z][a-z]+-[A-Z][A-Za-z]+( |$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cmdlet { get; }
}
