using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>The names that users may type for the types of a cluster.</summary>
internal static class KindNames
{
    /// <summary>All types that are called so, the core group first.</summary>
    public static IReadOnlyList<ServedResource> Candidates(IReadOnlyList<ServedResource> types, string name) =>
        [.. types.Where(type => type.IsCalled(name)).OrderBy(type => type.Group.Length > 0)];

    /// <summary>Served kinds whose names look like what was typed, the nearest first.</summary>
    public static IReadOnlyList<string> Near(IReadOnlyList<ServedResource> types, string name)
    {
        var typed = name.ToLowerInvariant();
        return [.. types
            .Select(type => (Name: type.Kind, Distance: Names(type).Min(known => Distance(typed, known.ToLowerInvariant()))))
            .Where(near => near.Distance <= Math.Max(1, typed.Length / 3))
            .OrderBy(near => near.Distance).ThenBy(near => near.Name, StringComparer.Ordinal)
            .Select(near => near.Name).Distinct().Take(5)];
    }

    private static IEnumerable<string> Names(ServedResource type) =>
        new[] { type.Kind, type.Plural, type.Singular }.Concat(type.ShortNames).Where(known => known.Length > 0);

    // Levenshtein's, and a part of a name counts as near.
    private static int Distance(string typed, string known)
    {
        if (typed.Length >= 4 && known.Contains(typed, StringComparison.Ordinal))
        {
            return 1;
        }

        var row = Enumerable.Range(0, known.Length + 1).ToArray();
        for (var i = 1; i <= typed.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= known.Length; j++)
            {
                var cost = typed[i - 1] == known[j - 1] ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[^1];
    }
}
