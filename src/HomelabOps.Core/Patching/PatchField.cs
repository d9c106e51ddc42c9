using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>How one field is patched.</summary>
public sealed record PatchField
{
    /// <summary>A field that nothing is known of.</summary>
    public static PatchField Plain { get; } = new();

    /// <summary>What the object, or each element of the list, is made of.</summary>
    public PatchSchema Schema { get; init; } = PatchSchema.Plain;

    /// <summary>Strategic merge: the list merges; without it, it is replaced.</summary>
    public bool Merges { get; init; }

    /// <summary>Strategic merge: the field that tells elements apart; null for plain values.</summary>
    public string? MergeKey { get; init; }

    /// <summary>Strategic merge: clients send <c>$retainKeys</c> for it.</summary>
    public bool RetainsKeys { get; init; }

    /// <summary>Server-side apply: how the list is owned.</summary>
    public ListKind List { get; init; }

    /// <summary>Server-side apply: the keys of a <see cref="ListKind.Map"/>.</summary>
    public IReadOnlyList<ListKey> Keys { get; init; } = [];

    /// <summary>True where an API server's own types always have the object, though empty: such a field is never "added" by a client.</summary>
    public bool IsAlwaysPresent { get; init; }
}

/// <summary>How server-side apply treats a list.</summary>
public enum ListKind
{
    /// <summary>One owner for all of it.</summary>
    Atomic,

    /// <summary>Each value has its owners.</summary>
    Set,

    /// <summary>Each element has its owners and is known by its keys.</summary>
    Map,
}

/// <summary>A field by which the elements of a list are told apart, and its value where an element does not say.</summary>
public sealed record ListKey(string Name, JsonNode? Default = null);
