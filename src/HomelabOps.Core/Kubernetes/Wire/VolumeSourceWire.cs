namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class HostPathWire
{
    public string? Path { get; set; }

    public string? Type { get; set; }
}

internal sealed class NfsWire
{
    public string? Server { get; set; }

    public string? Path { get; set; }
}

internal sealed class ClaimReferenceWire
{
    public string? Namespace { get; set; }

    public string? Name { get; set; }

    public string? Uid { get; set; }
}

internal sealed class PodVolumeWire
{
    public string Name { get; set; } = "";

    public HostPathWire? HostPath { get; set; }

    public NfsWire? Nfs { get; set; }

    public PodClaimWire? PersistentVolumeClaim { get; set; }

    // Only that it is there.
    public EmptyDirWire? EmptyDir { get; set; }
}

internal sealed class EmptyDirWire
{
}

internal sealed class PodClaimWire
{
    public string ClaimName { get; set; } = "";
}
