namespace HomelabOps.Completion;

/// <summary>What the rest of the command line says about the names that are wanted.</summary>
/// <param name="Command">Name of the cmdlet; empty where it does not matter.</param>
/// <param name="Namespace">Namespace that was typed; null for all.</param>
/// <param name="Kind">Kind that was typed, or that the name itself begins with; null for none.</param>
/// <param name="IsKindInName">The names are to be given with their kind.</param>
internal sealed record CompletionScope(string Command, string? Namespace, string? Kind = null, bool IsKindInName = false);
