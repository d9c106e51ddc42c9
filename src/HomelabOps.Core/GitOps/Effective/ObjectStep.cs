namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A step of a way: a key, or an item of a list.</summary>
/// <param name="Key">The key; null for an item.</param>
/// <param name="Index">The item's place in the built list, counted from 0.</param>
/// <param name="Name">The item's name; null where items have none.</param>
internal readonly record struct ObjectStep(string? Key, int Index, string? Name);
