namespace HomelabOps.Core.GitOps.Effective;

/// <summary>The parts of an image's name. What is not there is empty.</summary>
/// <param name="Name">Registry and repository.</param>
/// <param name="Tag">The tag, without its colon.</param>
/// <param name="Digest">The digest, such as sha256:..., without the @.</param>
internal sealed record ImageReference(string Name, string Tag, string Digest)
{
    /// <summary>Splits a name; a colon before the last slash belongs to the registry's port, and what stands in a variable to the variable.</summary>
    public static ImageReference Parse(string text)
    {
        var marks = Variables.Pattern().Replace(text, match => new string('_', match.Length));
        var at = marks.IndexOf('@', StringComparison.Ordinal);
        var end = at < 0 ? text.Length : at;
        var digest = at < 0 ? "" : text[(at + 1)..];
        var colon = marks.LastIndexOf(':', Math.Max(end - 1, 0));
        return colon > marks.LastIndexOf('/', Math.Max(end - 1, 0)) ? new(text[..colon], text[(colon + 1)..end], digest) : new(text[..end], "", digest);
    }

    /// <summary>A part of it.</summary>
    public string Part(ImagePart part) => part switch
    {
        ImagePart.Name => Name,
        ImagePart.Tag => Tag,
        _ => Digest,
    };

    /// <summary>The name with another part.</summary>
    public ImageReference With(ImagePart part, string text) => part switch
    {
        ImagePart.Name => this with { Name = text },
        ImagePart.Tag => this with { Tag = text },
        _ => this with { Digest = text },
    };

    /// <summary>The part that decides what runs: the tag that people read, else the digest, else the name alone.</summary>
    public ImagePart Deciding => Tag.Length > 0 ? ImagePart.Tag : Digest.Length > 0 ? ImagePart.Digest : ImagePart.Name;

    /// <summary>As manifests have it.</summary>
    public override string ToString() => Name + (Tag.Length > 0 ? ":" + Tag : "") + (Digest.Length > 0 ? "@" + Digest : "");
}
