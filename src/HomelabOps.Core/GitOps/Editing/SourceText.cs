using System.Text;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>The text of a file, with what is needed to write it back as it was: a byte order mark and its line ends.</summary>
internal sealed class SourceText
{
    private const char ByteOrderMark = '\uFEFF';
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly bool _hasMark;

    private SourceText(string text, bool hasMark)
    {
        (Text, _hasMark) = (text, hasMark);
        var lines = text.AsSpan().Count('\n');
        NewLine = lines > 0 && text.AsSpan().Count("\r\n") * 2 >= lines ? "\r\n" : "\n";
    }

    /// <summary>The characters, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>How most lines end.</summary>
    public string NewLine { get; }

    /// <summary>Whether bytes are those of git-crypt, which has its own name before all that it encrypts.</summary>
    public static bool IsEncrypted(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\0GITCRYPT\0"u8);

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="file">The file's name for errors.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="HomelabException">ManifestEditRefused: they are not UTF-8, or no text.</exception>
    public static SourceText Read(string file, byte[] bytes)
    {
        if (IsEncrypted(bytes))
        {
            throw Errors.ManifestEditRefused(file, 1, 1, "Detail_EditGitCrypt");
        }

        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            var line = bytes.AsSpan(0, Math.Max(0, exception.Index)).Count((byte)'\n') + 1;
            throw Errors.ManifestEditRefused(file, line, 1, "Detail_EditEncoding");
        }

        var zero = text.IndexOf('\0', StringComparison.Ordinal);
        if (zero >= 0)
        {
            throw Errors.ManifestEditRefused(file, text.AsSpan(0, zero).Count('\n') + 1, 1, "Detail_EditBinary");
        }

        var hasMark = text.StartsWith(ByteOrderMark);
        return new(hasMark ? text[1..] : text, hasMark);
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => Strict.GetBytes(_hasMark ? ByteOrderMark + Text : Text);

    /// <summary>The same file with other characters.</summary>
    public SourceText With(IEnumerable<TextChange> changes)
    {
        var builder = new StringBuilder(Text.Length + 64);
        var at = 0;
        foreach (var change in changes.OrderBy(change => change.Start))
        {
            builder.Append(Text, at, change.Start - at).Append(change.Text);
            at = change.End;
        }

        return new(builder.Append(Text, at, Text.Length - at).ToString(), _hasMark);
    }

    /// <summary>Where the line of a character begins.</summary>
    public int LineStart(int offset) => offset == 0 ? 0 : Text.LastIndexOf('\n', offset - 1) + 1;

    /// <summary>Where the line of a character ends, before its line break.</summary>
    public int LineEnd(int offset)
    {
        var end = Text.IndexOf('\n', offset);
        return end < 0 ? Text.Length : end > offset && Text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>Where the following line begins; the end of the text after the last one.</summary>
    public int NextLine(int offset)
    {
        var end = Text.IndexOf('\n', offset);
        return end < 0 ? Text.Length : end + 1;
    }
}
