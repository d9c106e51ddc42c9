namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>What is asked of a new application. What is null is taken from its neighbours in the repository.</summary>
internal sealed record NewApp
{
    /// <summary>Its name: of the folder, the workload, the service and the label app.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of applications that it joins, such as <c>media</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Its image, with a tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>The namespace; null for that of the category.</summary>
    public string? Namespace { get; init; }

    /// <summary>The cluster has that namespace, whoever makes it.</summary>
    public bool IsNamespaceThere { get; init; }

    /// <summary>Volumes of these names that the cluster has, each with the claim that it is kept for, as namespace/name.</summary>
    public IReadOnlyDictionary<string, string> TakenVolumes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Port of the container; null for an application that listens to nobody.</summary>
    public int? Port { get; init; }

    /// <summary>Port of the service.</summary>
    public int ServicePort { get; init; } = 80;

    /// <summary>Host of the Ingress; null for its name in the domain of its neighbours, empty for none.</summary>
    public string? Host { get; init; }

    /// <summary>Path that says whether it is well; null for a check of the port alone.</summary>
    public string? ProbePath { get; init; }

    /// <summary>How many pods.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>It keeps state on the node.</summary>
    public bool IsStateful { get; init; }

    /// <summary>Its state is kept on both nodes, by Syncthing.</summary>
    public bool IsReplicated { get; init; }

    /// <summary>Class of its volume; null for a volume of its own in a folder of the node.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Size of its volume, as a quantity.</summary>
    public string Capacity { get; init; } = "5Gi";

    /// <summary>Where the container finds its state.</summary>
    public string MountPath { get; init; } = "/config";

    /// <summary>Folders of the node, such as a media library, that it sees under the same path.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Environment variables beside those of its neighbours. Never a secret: it would be in Git.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
