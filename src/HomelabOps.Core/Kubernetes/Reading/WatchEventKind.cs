namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>What happened to an object.</summary>
internal enum WatchEventKind
{
    /// <summary>It is there (at the start of the watch) or was created.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>The state at the start has been delivered; no object comes with it.</summary>
    Synchronized,
}
