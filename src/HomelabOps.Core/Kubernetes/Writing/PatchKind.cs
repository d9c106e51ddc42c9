namespace HomelabOps.Core.Kubernetes.Writing;

/// <summary>How the body of a patch is read.</summary>
internal enum PatchKind
{
    /// <summary>RFC 7386: null removes, lists are replaced.</summary>
    Merge,

    /// <summary>As merge, with lists of the built-in kinds merged by their keys.</summary>
    StrategicMerge,

    /// <summary>RFC 6902: a list of operations.</summary>
    Json,

    /// <summary>Server-side apply: the fields that the field manager wants.</summary>
    Apply,
}
