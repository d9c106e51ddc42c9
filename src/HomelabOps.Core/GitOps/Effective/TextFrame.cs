using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A text of YAML: a file, or what stands in one as a text, such as a patch in place.</summary>
/// <param name="File">The file, as a path that begins with /.</param>
/// <param name="Way">How to get to the text within the file; nothing for the file itself.</param>
/// <param name="Before">The lines of the file before the text's first one.</param>
/// <param name="IsFlat">The text stands on one line of the file.</param>
/// <param name="Text">The text.</param>
internal sealed record TextFrame(string File, IReadOnlyList<(int Document, YamlPath Path)> Way, long Before, bool IsFlat, string Text)
{
    private IReadOnlyList<YamlDocument>? _documents;

    /// <summary>A whole file.</summary>
    public static TextFrame Of(string file, string text) => new(file, [], 0, IsFlat: false, text);

    /// <summary>The text that stands at a place.</summary>
    public static TextFrame At(ValuePlace place) => new(place.File, place.Way, place.IsBlock ? place.Line : place.Line - 1, !place.IsBlock, place.Text ?? "");

    /// <summary>The documents of the text; none where it cannot be read.</summary>
    public IReadOnlyList<YamlDocument> Documents
    {
        get
        {
            try
            {
                return _documents ??= YamlReader.ReadAll(File, Text);
            }
            catch (HomelabException)
            {
                return _documents = [];
            }
        }
    }

    /// <summary>A place in the text.</summary>
    public ValuePlace Place(int document, YamlPath path, YamlNode node, ManifestMechanism mechanism) => new()
    {
        File = File,
        Way = [.. Way, (document, path)],
        Line = Before + (IsFlat ? 1 : node.Line),
        Column = node.Column,
        Text = node.Text,
        Mechanism = mechanism,
        IsBlock = !IsFlat && node.Text?.Contains('\n', StringComparison.Ordinal) == true && IsBlockAt(node),
    };

    // The mark that begins a block, behind an anchor or a tag.
    private bool IsBlockAt(YamlNode node)
    {
        var start = 0;
        for (var line = 1; line < node.Line && start >= 0; line++)
        {
            start = Text.IndexOf('\n', start) is >= 0 and var end ? end + 1 : -1;
        }

        var at = start + (int)node.Column - 1;
        return start >= 0 && at < Text.Length && Text[at] is '|' or '>';
    }
}
