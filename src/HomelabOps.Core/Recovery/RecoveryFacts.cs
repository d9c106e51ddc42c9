using System.Globalization;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery;

/// <summary>What the gates look at, read once.</summary>
internal sealed record RecoveryFacts
{
    public required HomelabConfig Config { get; init; }

    /// <summary>The repository; null where none is known or it cannot be read.</summary>
    public GitContent? Git { get; init; }

    /// <summary>Why it is not known.</summary>
    public string GitTrouble { get; init; } = "";

    /// <summary>All objects that people make, by group and kind. A kind that may not be listed is missing.</summary>
    public required IReadOnlyDictionary<(string Group, string Kind), IReadOnlyList<LiveItem>> Items { get; init; }

    /// <summary>Kinds that may not be listed.</summary>
    public required IReadOnlyList<ResourceType> Denied { get; init; }

    /// <summary>What Flux says that it has applied.</summary>
    public required IReadOnlySet<ObjectKey> Applied { get; init; }

    /// <summary>The webhook of MetalLB; null where there is none, or it may not be looked at.</summary>
    public MetalLBWebhookStatus? Webhook { get; init; }

    /// <summary>Those of the keys that the repository is encrypted for which this machine has.</summary>
    public required IReadOnlySet<string> Keys { get; init; }

    /// <summary>Images by digest that their registry does not have any more, each with the pod that wants it.</summary>
    public IReadOnlyList<string> LostImages { get; init; } = [];

    private HelmOrigins Helm => field ??= new(Of(RecoveryKinds.HelmRelease).Concat(Of(RecoveryKinds.HelmChart)), item => IsInGit(item) || item.IsMade);

    private HashSet<(string, string)> Sets => field ??= [.. Of(RecoveryKinds.StatefulSet).Where(ComesBack).Select(item => (item.Key.Namespace, item.Key.Name))];

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<LiveItem> Of((string Group, string Kind) kind) => Items.GetValueOrDefault(kind, []);

    /// <summary>Whether an object is there again when Git is all that is left: Flux applies it, or something makes it that comes back itself.</summary>
    public bool ComesBack(LiveItem item) => IsInGit(item) || item.IsMade || Helm.Yields(item) || IsOfSet(item.Key);

    /// <summary>Whether Flux applies an object, or the repository has it.</summary>
    public bool IsInGit(LiveItem item) => Applied.Contains(item.Key) || IsInGit(item.Key);

    /// <summary>Whether the repository has an object.</summary>
    public bool IsInGit(ObjectKey key) => Git?.Objects.Contains(key) == true;

    // A claim of a template is named after its set, with a number at the end, and nothing else tells of it.
    private bool IsOfSet(ObjectKey key) => (key.Group, key.Kind) == RecoveryKinds.PersistentVolumeClaim
        && key.Name.Split('-') is { Length: > 2 } parts && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && Enumerable.Range(1, parts.Length - 2).Any(start => Sets.Contains((key.Namespace, string.Join('-', parts[start..^1]))));
}
