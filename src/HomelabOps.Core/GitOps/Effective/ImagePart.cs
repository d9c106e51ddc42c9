namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A part of an image's name.</summary>
internal enum ImagePart
{
    /// <summary>Registry and repository.</summary>
    Name,

    /// <summary>The tag.</summary>
    Tag,

    /// <summary>The digest.</summary>
    Digest,
}
