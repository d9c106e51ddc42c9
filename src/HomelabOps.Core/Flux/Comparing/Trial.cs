using System.Text.Json.Nodes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>What came of trying an object. Without an action nothing would be done with it.</summary>
internal sealed record Trial
{
    /// <summary>What would be done; null for nothing.</summary>
    public FluxDifferenceAction? Action { get; init; }

    /// <summary>The object as it is; null where there is none.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>The object as it would be; null where there would be none, or where nobody here can tell.</summary>
    public JsonObject? After { get; init; }

    /// <summary>It would be deleted and created anew.</summary>
    public bool Recreate { get; init; }

    /// <summary>What is to be told about it.</summary>
    public Notice? Notice { get; init; }
}
