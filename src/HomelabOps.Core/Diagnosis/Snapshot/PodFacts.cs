using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>A pod with what belongs to it.</summary>
/// <param name="Wire">The pod.</param>
/// <param name="Reference">Its identity.</param>
/// <param name="Owner">What made it, at the top; null for a pod of its own.</param>
internal sealed record PodFacts(DiagnosedPodWire Wire, ResourceReference Reference, ResourceReference? Owner)
{
    /// <summary>A container that was started anew so often within a while was not by accident.</summary>
    public const int Often = 3;

    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(10);
    private static readonly PodStatusWire NoStatus = new();

    /// <summary>What stands for the pod in a finding: its workload, which has several pods of the same fault.</summary>
    public ResourceReference Subject => Owner is { Kind: not "Node" } owner ? owner : Reference;

    /// <summary>The application.</summary>
    public string App => Ownership.App(Owner, Wire.Metadata);

    public PodStatusWire Status => Wire.Status ?? NoStatus;

    /// <summary>Its node; empty while it has none.</summary>
    public string Node => Wire.Spec?.NodeName ?? "";

    public bool IsReady => Condition("Ready") is { Status: "True" };

    public bool HasEnded => Status.Phase is "Succeeded" or "Failed";

    /// <summary>Nothing is wrong with it.</summary>
    public bool IsWell => Wire.Metadata.DeletionTimestamp is null && (Status.Phase == "Succeeded" || (Status.Phase == "Running" && IsReady));

    /// <summary>It copies data for VolSync, which tells itself how that went.</summary>
    public bool IsMoverJob => Owner?.Kind == "Job" && Wire.Metadata.Label(MoverNames.CreatedBy) == MoverNames.Creator;

    /// <summary>Its containers, in the order in which they start, with their states.</summary>
    public IEnumerable<(DiagnosedContainerWire Container, ContainerStatusWire? Status, bool IsInit)> Containers =>
        (Wire.Spec?.InitContainers ?? []).Select(container => (container, Status.InitContainerStatuses?.Find(status => status.Name == container.Name), true))
        .Concat((Wire.Spec?.Containers ?? []).Select(container => (container, Status.ContainerStatuses?.Find(status => status.Name == container.Name), false)));

    /// <summary>Containers that run, and are killed or end with an error again and again.</summary>
    public IEnumerable<(DiagnosedContainerWire Container, ContainerStatusWire Status)> Restarting(DateTimeOffset now) => Containers
        .Where(item => item.Status is { RestartCount: >= Often, LastState.Terminated: { ExitCode: not 0, FinishedAt: { } end } } && now - end < RestartWindow)
        .Select(item => (item.Container, item.Status!));

    /// <summary>Containers that run again since a while ago, however they ended before.</summary>
    public IEnumerable<(DiagnosedContainerWire Container, ContainerStatusWire Status)> RunningAgain(DateTimeOffset now) => Containers
        .Where(item => item.Status is { RestartCount: > 0, State.Running: not null, LastState.Terminated.FinishedAt: { } end } && now - end < RestartWindow)
        .Select(item => (item.Container, item.Status!));

    public ConditionWire? Condition(string type) => Status.Conditions?.Find(condition => condition.Type == type);

    /// <summary>How long it has been as a condition says, or has been at all.</summary>
    public TimeSpan Since(string condition, DateTimeOffset now) => now - (Condition(condition)?.LastTransitionTime ?? Wire.Metadata.CreationTimestamp ?? now);

    /// <summary>How long it has had no node; null when it has one.</summary>
    public TimeSpan? Waits(DateTimeOffset now) => Node.Length > 0 ? null : Since("", now);

    /// <summary>The pod as other readers have it.</summary>
    public PodWire ToPod() => new()
    {
        Metadata = Wire.Metadata,
        Status = Wire.Status,
        Spec = new()
        {
            NodeName = Wire.Spec?.NodeName,
            Containers = Wire.Spec?.Containers?.ConvertAll(ToContainer),
            InitContainers = Wire.Spec?.InitContainers?.ConvertAll(ToContainer),
            Volumes = Wire.Spec?.Volumes?.ConvertAll(volume => new PodVolumeWire { Name = volume.Name, HostPath = volume.HostPath, Nfs = volume.Nfs, PersistentVolumeClaim = volume.PersistentVolumeClaim }),
            Overhead = Wire.Spec?.Overhead,
            Resources = Wire.Spec?.Resources,
        },
    };

    /// <summary>The pod as a user of claims; null where it uses none.</summary>
    public Consumer? ToConsumer()
    {
        if (HasEnded || Wire.Spec?.Volumes?.Exists(volume => volume.PersistentVolumeClaim is not null || volume.Ephemeral is not null) != true)
        {
            return null;
        }

        var pod = new ConsumerWire
        {
            Metadata = Wire.Metadata,
            Status = new() { Phase = Status.Phase, Conditions = Status.Conditions },
            Spec = new()
            {
                NodeName = Wire.Spec.NodeName,
                NodeSelector = Wire.Spec.NodeSelector,
                Affinity = Wire.Spec.Affinity,
                Volumes = Wire.Spec.Volumes.ConvertAll(volume => new ConsumerVolumeWire { Name = volume.Name, PersistentVolumeClaim = volume.PersistentVolumeClaim, Ephemeral = volume.Ephemeral }),
            },
        };
        return new(pod, Consumer.ClaimsOf(pod), App);
    }

    private static ContainerWire ToContainer(DiagnosedContainerWire container) => new() { Name = container.Name, RestartPolicy = container.RestartPolicy, Resources = container.Resources };
}
