using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Topology;

/// <summary>What is known of cluster and repository. An object that is in both is taken from the cluster.</summary>
internal sealed class TopologyFacts
{
    private const string FluxGroup = "kustomize.toolkit.fluxcd.io/";
    private static readonly string[] Makers = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"];
    private readonly HashSet<(string Kind, string Namespace, string Name)> _known = [];

    public List<TopologyObjectWire> Nodes { get; } = [];

    public List<TopologyObjectWire> Namespaces { get; } = [];

    public List<TopologyObjectWire> Volumes { get; } = [];

    public List<TopologyObjectWire> Claims { get; } = [];

    /// <summary>Flux', not those of kustomize.</summary>
    public List<TopologyObjectWire> Kustomizations { get; } = [];

    /// <summary>Pods, and in a repository what makes them.</summary>
    public List<WorkloadFact> Workloads { get; } = [];

    /// <summary>Objects of MetalLB's own kinds.</summary>
    public List<TopologyObjectWire> MetalLB { get; } = [];

    /// <summary>Names by which applications are called.</summary>
    public IReadOnlySet<string> Applications => field ??= Workloads.SelectMany(workload => workload.Names).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);

    /// <summary>Pairs of an application's claim and its backup.</summary>
    public IReadOnlyList<ClaimPair> Pairs => field ??= ClaimRules.FindPairs(this);

    /// <summary>Whether objects of the kind count at all.</summary>
    public static bool IsWanted(string kind) =>
        kind is "Namespace" or "PersistentVolume" or "PersistentVolumeClaim" or "Kustomization" or "Pod" or "IPAddressPool" || Makers.Contains(kind);

    public void Add(TopologyObjectWire item)
    {
        var kind = item.Kind ?? "";
        var name = item.Metadata.Name;

        // What Flux or a template has yet to fill in says nothing.
        if (name.Length == 0 || name.Contains('$', StringComparison.Ordinal) || !_known.Add((kind, item.Metadata.Namespace ?? "", name)))
        {
            return;
        }

        var list = kind switch
        {
            "Node" => Nodes,
            "Namespace" => Namespaces,
            "PersistentVolume" => Volumes,
            "PersistentVolumeClaim" => Claims,
            "Kustomization" when item.ApiVersion?.StartsWith(FluxGroup, StringComparison.Ordinal) != false => Kustomizations,
            "IPAddressPool" => MetalLB,
            _ => null,
        };
        list?.Add(item);
        if (kind == "Pod" || Makers.Contains(kind))
        {
            Workloads.Add(WorkloadFact.Of(item));
        }
    }

    /// <summary>The volume that a claim is bound or meant to be bound to.</summary>
    public TopologyObjectWire? VolumeOf(string @namespace, string claim)
    {
        var wanted = Claims.Find(item => item.Metadata.Name == claim && (item.Metadata.Namespace ?? "") == @namespace)?.Spec?.VolumeName;
        return Volumes.Find(volume => volume.Metadata.Name == wanted)
            ?? Volumes.Find(volume => volume.Spec?.ClaimRef is { } reference && reference.Name == claim && (reference.Namespace ?? "") == @namespace);
    }
}

/// <summary>A pod, or what makes pods in a manifest.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Kind">Kind of its top controller, or its own.</param>
/// <param name="App">The application.</param>
/// <param name="Names">All names by which the application may be called.</param>
/// <param name="Labels">Labels of the pods.</param>
/// <param name="Spec">The pods' spec.</param>
internal sealed record WorkloadFact(string Namespace, string Kind, string App, IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Labels, TopologySpecWire Spec)
{
    private static readonly string[] AppLabels = ["app.kubernetes.io/instance", "app.kubernetes.io/name", "app"];

    /// <summary>Made by VolSync to move data, so its volumes are somebody else's.</summary>
    public bool IsMover => Labels.GetValueOrDefault("app.kubernetes.io/created-by") == "volsync" || Labels.GetValueOrDefault("app.kubernetes.io/part-of") == "volsync";

    /// <summary>Runs on every node for the node's sake.</summary>
    public bool IsOfNode => Kind is "DaemonSet" or "Node" || Namespace == "kube-system";

    public static WorkloadFact Of(TopologyObjectWire item)
    {
        var top = Ownership.Top(item.Metadata, "");
        var template = item.Spec?.JobTemplate?.Spec?.Template ?? item.Spec?.Template;
        var isPod = item.Kind == "Pod";
        var labels = (isPod ? item.Metadata.Labels : template?.Metadata?.Labels) ?? [];
        var app = isPod ? Ownership.App(top, item.Metadata) : item.Metadata.Name;
        string[] names = [app, .. AppLabels.Select(key => labels.GetValueOrDefault(key) ?? "")];
        return new WorkloadFact(item.Metadata.Namespace ?? "", top?.Kind ?? item.Kind ?? "", app, names, labels, (isPod ? item.Spec : template?.Spec) ?? new TopologySpecWire());
    }
}
