using HomelabOps.HelpBuilder;

var diagnostics = new Diagnostics();
try
{
    new Generator(Options.Parse(args), diagnostics).Run();
}
catch (Exception e) when (e is ArgumentException or IOException or BadImageFormatException or UnauthorizedAccessException or TypeLoadException)
{
    // Not a page's fault, but MSBuild shows it as an error only in this form.
    Console.Error.WriteLine($"HelpBuilder : error {Codes.Usage}: {e.Message.ReplaceLineEndings(" ")}");
    return 2;
}

foreach (var diagnostic in diagnostics.All.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line))
{
    Console.Error.WriteLine(diagnostic);
}

return diagnostics.All.Count == 0 ? 0 : 1;
