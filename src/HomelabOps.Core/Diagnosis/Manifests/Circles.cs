namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Finds circles in a graph of names.</summary>
internal static class Circles
{
    /// <summary>Each circle once, beginning with its first name by ordinal; names that are no key of the graph lead nowhere.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyDictionary<string, string[]> edges)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<IReadOnlyList<string>>();
        foreach (var start in edges.Keys.Order(StringComparer.Ordinal))
        {
            Walk(start, []);
        }

        return result;

        void Walk(string name, List<string> path)
        {
            var before = path.IndexOf(name);
            if (before >= 0)
            {
                result.Add(Turned(path[before..]));
                return;
            }

            if (!edges.TryGetValue(name, out var next) || !done.Add(name))
            {
                return;
            }

            path.Add(name);
            foreach (var following in next)
            {
                Walk(following, path);
            }

            path.RemoveAt(path.Count - 1);
        }
    }

    private static string[] Turned(List<string> circle)
    {
        var first = circle.IndexOf(circle.Min(StringComparer.Ordinal)!);
        return [.. circle[first..], .. circle[..first]];
    }
}
