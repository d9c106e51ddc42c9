using System.Text;
using HomelabOps.Core.GitOps.Index;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Files that are no YAML, or not in UTF-8.</summary>
internal sealed class SyntaxCheck : IManifestCheck
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        snapshot.Index.Contents.Where(file => !snapshot.IsInChart(file.Path)).Select(file => Check(snapshot, file)).OfType<HomelabFinding>();

    private static HomelabFinding? Check(ManifestSnapshot snapshot, IndexedFile file)
    {
        var isApplied = snapshot.Applied.Contains(file.Path);
        var severity = isApplied ? FindingSeverity.Error : FindingSeverity.Warning;
        if (Encoding(snapshot.Files.Read(file.Path)) is { } encoding)
        {
            return Finding.Make(severity, "EncodingInvalid", new(file.Path, 1), null, encoding);
        }

        // What nobody applies may be the template of some other tool.
        if (file.Problem is not { } problem || (!isApplied && snapshot.Text(file.Path).Contains("{{", StringComparison.Ordinal)))
        {
            return null;
        }

        return Tab(snapshot.Text(file.Path), problem) is { } tab
            ? Finding.Make(severity, "TabIndentation", new(file.Path, tab.Line, tab.Column), null)
            : Finding.Make(severity, "YamlInvalid", new(file.Path, problem.Line, problem.Column), null, problem.Text);
    }

    private static string? Encoding(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return "UTF-16";
        }

        try
        {
            Strict.GetCharCount(bytes);
            return null;
        }
        catch (DecoderFallbackException error)
        {
            var line = bytes.AsSpan(0, Math.Clamp(error.Index, 0, bytes.Length)).Count((byte)'\n') + 1;
            return FormattableString.Invariant($"not UTF-8 in line {line}");
        }
    }

    // The parser stops at the tab, at what it spoilt a line further on, or without saying where.
    private static (long Line, long Column)? Tab(string text, IndexProblem problem)
    {
        var lines = text.Split('\n');
        var isPlaced = problem is not { Line: <= 1, Column: <= 1 };
        for (var line = isPlaced ? Math.Max(1, problem.Line - 1) : 1; line <= (isPlaced ? Math.Min(problem.Line, lines.Length) : lines.Length); line++)
        {
            var indentation = lines[line - 1][..^lines[line - 1].TrimStart(' ', '\t').Length];
            if (indentation.IndexOf('\t', StringComparison.Ordinal) is >= 0 and var column)
            {
                return (line, column + 1);
            }
        }

        return null;
    }
}
