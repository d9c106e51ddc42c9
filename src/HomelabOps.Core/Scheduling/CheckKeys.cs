namespace HomelabOps.Core.Scheduling;

/// <summary>
/// What makes two findings of different runs the same. Texts have times and numbers in them, which change from run to run; but where several
/// findings have all else in common, such as two mounts of one node, the texts tell them from each other as far as they can.
/// </summary>
internal static class CheckKeys
{
    /// <summary>What findings have in common that may be the same.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="cluster">What its cluster is called from run to run.</param>
    public static string Of(HomelabFinding finding, string cluster) => string.Join(' ', cluster, finding.Area, finding.Severity, finding.Reason, finding.File is not null ? finding.Place : finding.Target is { Kind: "Cluster" } ? $"Cluster/{cluster}" : finding.Target?.ToString() ?? "");

    /// <summary>A key for each finding, of which no two have the same.</summary>
    /// <param name="findings">What is wrong now; what is said twice counts once.</param>
    /// <param name="told">What was told, by its keys.</param>
    /// <param name="identity">What a cluster is called from run to run.</param>
    public static IReadOnlyList<(string Key, HomelabFinding Finding)> Assign(IEnumerable<HomelabFinding> findings, IReadOnlyDictionary<string, ToldFinding> told, Func<string, string> identity)
    {
        var distinct = findings.DistinctBy(finding => (Common(finding), finding.ToString())).ToList();
        var keys = new Dictionary<HomelabFinding, string>(ReferenceEqualityComparer.Instance);
        foreach (var group in distinct.GroupBy(Common))
        {
            Assign(group.Key, group, told, keys);
        }

        return [.. distinct.Select(finding => (keys[finding], finding))];

        string Common(HomelabFinding finding) => Of(finding, identity(finding.Cluster));
    }

    // Those whose words are the same first, then those whose words but for numbers are; who is left takes what is left, and then new ones.
    private static void Assign(string common, IEnumerable<HomelabFinding> group, IReadOnlyDictionary<string, ToldFinding> told, Dictionary<HomelabFinding, string> keys)
    {
        var left = group.OrderBy(finding => finding.ToString(), StringComparer.Ordinal).ToList();
        var free = told.Where(pair => IsOf(common, pair.Key)).OrderBy(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var used = free.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var words in new Func<string, string>[] { text => text, WithoutNumbers, _ => "" })
        {
            foreach (var finding in left.ToList())
            {
                if (free.FindIndex(pair => words(pair.Value.Text) == words(finding.ToString())) is >= 0 and var at)
                {
                    keys[finding] = free[at].Key;
                    free.RemoveAt(at);
                    left.Remove(finding);
                }
            }
        }

        var number = 1;
        foreach (var finding in left)
        {
            while (!used.Add(Numbered(common, number)))
            {
                number++;
            }

            keys[finding] = Numbered(common, number);
        }
    }

    private static bool IsOf(string common, string key) => key == common || (key.StartsWith(common + " #", StringComparison.Ordinal) && key.AsSpan(common.Length + 2).IndexOfAnyExceptInRange('0', '9') < 0);

    private static string Numbered(string common, int number) => number == 1 ? common : $"{common} #{number}";

    private static string WithoutNumbers(string text) => new([.. text.Where(letter => !char.IsDigit(letter))]);
}
