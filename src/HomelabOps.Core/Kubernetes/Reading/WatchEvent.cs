namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>One change of a watched collection.</summary>
internal readonly record struct WatchEvent<T>(WatchEventKind Kind, T? Object);
