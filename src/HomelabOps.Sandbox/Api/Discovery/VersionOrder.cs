using System.Globalization;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>The order of versions: v2, v1, v1beta2, v1beta1, v1alpha1, then all others by name.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parse(x!), Parse(y!));
        var byStage = right.Stage.CompareTo(left.Stage);
        var byMajor = right.Major.CompareTo(left.Major);
        var byMinor = right.Minor.CompareTo(left.Minor);
        return byStage != 0 ? byStage : byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : string.CompareOrdinal(x, y);
    }

    private static (int Stage, int Major, int Minor) Parse(string version)
    {
        foreach (var (word, stage) in (ReadOnlySpan<(string, int)>)[("alpha", 1), ("beta", 2)])
        {
            var at = version.IndexOf(word, StringComparison.Ordinal);
            if (at > 1 && version[0] == 'v' && Number(version[1..at]) is { } major && Number(version[(at + word.Length)..]) is { } minor)
            {
                return (stage, major, minor);
            }
        }

        return version.Length > 1 && version[0] == 'v' && Number(version[1..]) is { } stable ? (3, stable, 0) : (0, 0, 0);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
