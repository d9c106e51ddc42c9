namespace HomelabOps.Core.GitOps.Effective;

/// <summary>What a scalar of a field is.</summary>
internal enum ScalarRole
{
    /// <summary>The value itself.</summary>
    Plain,

    /// <summary>A number of pods.</summary>
    Replicas,

    /// <summary>A whole name of an image.</summary>
    Image,

    /// <summary>The registry of an image.</summary>
    Registry,

    /// <summary>The repository of an image, perhaps with its registry.</summary>
    Repository,

    /// <summary>The tag of an image, perhaps with a digest.</summary>
    Tag,

    /// <summary>The digest of an image.</summary>
    Digest,
}
