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

    /// <summary>All objects that people make, by kind. A kind that may not be listed is missing.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<LiveItem>> Items { get; init; }

    /// <summary>Kinds that may not be listed.</summary>
    public required IReadOnlyList<string> Denied { get; init; }

    /// <summary>What Flux says that it has applied.</summary>
    public required IReadOnlySet<ObjectKey> Applied { get; init; }

    /// <summary>The webhook of MetalLB; null where there is none, or it may not be looked at.</summary>
    public MetalLBWebhookStatus? Webhook { get; init; }

    /// <summary>Public halves of keys that are on this machine.</summary>
    public required IReadOnlySet<string> Keys { get; init; }

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<LiveItem> Of(string kind) => Items.GetValueOrDefault(kind, []);

    /// <summary>Whether Flux applies an object, or the repository has it.</summary>
    public bool IsInGit(LiveItem item) => Applied.Contains(item.Key) || IsInGit(item.Key.Kind, item.Key.Namespace, item.Key.Name);

    /// <summary>Whether the repository has an object.</summary>
    public bool IsInGit(string kind, string space, string name) => Git?.Objects.Contains((kind, space, name)) == true;
}
