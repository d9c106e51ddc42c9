using System.Text;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A place of a repository that a value may be written at.</summary>
internal sealed record ValuePlace
{
    /// <summary>The file, as a path that begins with /.</summary>
    public required string File { get; init; }

    /// <summary>The document and the way to the node; where that is a text which is YAML itself, such as a patch in place, the way goes on within it.</summary>
    public required IReadOnlyList<(int Document, YamlPath Path)> Way { get; init; }

    /// <summary>The line in the file, counted from 1.</summary>
    public required long Line { get; init; }

    /// <summary>The column in the text that it is part of, counted from 1.</summary>
    public required long Column { get; init; }

    /// <summary>The text of a scalar; null for a mapping or list.</summary>
    public required string? Text { get; init; }

    /// <summary>What makes a value that stands here the one of the field.</summary>
    public required ManifestMechanism Mechanism { get; init; }

    /// <summary>The text is a whole name of an image, of which the field may be a part.</summary>
    public bool IsImage { get; init; }

    /// <summary>The text is that of a block, so that its own first line is the next one.</summary>
    public bool IsBlock { get; init; }

    /// <summary>The variable whose default in the text is meant; null for the text itself.</summary>
    public string? Variable { get; init; }

    /// <summary>What the variable is called whose value or default stands here.</summary>
    public string VariableName => Variable ?? Way[^1].Path.Last.ToString()!;

    /// <summary>Tells texts apart; those of an anchor and its aliases are one.</summary>
    public string TextKey => $"{File}|{string.Concat(Way.SkipLast(1).Select(step => $"{step.Document}:{step.Path}|"))}{Line}:{Column}";

    /// <summary>Tells places apart.</summary>
    public string Key => $"{TextKey}|{Variable}";

    /// <summary>What is meant: the text, or the default in it.</summary>
    public string? Value => Variable is null || Text is null ? Text : Variables.Default(Text, Variable);

    /// <summary>The text with something else in the place of what is meant.</summary>
    public string TextWith(string value) => Variable is null ? value : Variables.WithDefault(Text!, Variable, value);

    /// <summary>The file's bytes after an edit of it at this place.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="edit">Edits the file, or the text within it, in a document at a path.</param>
    /// <exception cref="HomelabException">ManifestInvalid, ManifestEditRefused, ManifestValueShared.</exception>
    public byte[] Edit(byte[] bytes, Func<YamlFile, int, YamlPath, YamlFile> edit) => Edit(bytes, 0, edit);

    private byte[] Edit(byte[] bytes, int depth, Func<YamlFile, int, YamlPath, YamlFile> edit)
    {
        var file = YamlFile.Read(File.TrimStart('/'), bytes);
        var (document, path) = Way[depth];
        if (depth == Way.Count - 1)
        {
            return edit(file, document, path).ToBytes();
        }

        var text = file.Find(document, path)?.Text ?? throw Errors.ManifestEditRefused(File.TrimStart('/'), Line, 1, "Detail_EditAbsent", path.ToString());
        var inner = Edit(Encoding.UTF8.GetBytes(text), depth + 1, edit);
        return file.Set(document, path, YamlValue.Text(Encoding.UTF8.GetString(inner))).ToBytes();
    }
}
