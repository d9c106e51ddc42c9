using System.Globalization;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Recovery;

/// <summary>A file that SOPS has encrypted.</summary>
/// <param name="File">Its path in the repository.</param>
/// <param name="Groups">Keys that open it, in groups: of each one key is enough.</param>
/// <param name="Needed">How many of the groups are needed.</param>
internal sealed record EncryptedFile(string File, IReadOnlyList<IReadOnlyList<string>> Groups, int Needed)
{
    // Services that keep keys for others are not lost with a homelab.
    private static readonly string[] Services = ["kms", "gcp_kms", "azure_kv", "hc_vault", "hckms"];

    /// <summary>All keys, in their order.</summary>
    public IEnumerable<string> Keys => Groups.SelectMany(group => group).Distinct(StringComparer.Ordinal);

    /// <summary>Reads what SOPS wrote beside the data.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="sops">The field <c>sops</c>.</param>
    public static EncryptedFile Of(string file, YamlNode sops)
    {
        // With several groups the lists are in these; the threshold is left out where all are needed.
        IReadOnlyList<IReadOnlyList<string>> groups = sops.Find("key_groups")?.Items is { Count: > 0 } several ? [.. several.Select(KeysOf)] : [KeysOf(sops)];
        return new(file, groups, int.TryParse(sops.Find("shamir_threshold")?.Text, CultureInfo.InvariantCulture, out var threshold) && threshold > 0 ? Math.Min(threshold, groups.Count) : groups.Count);
    }

    /// <summary>Whether it can be opened with keys that are somewhere else than in the cluster.</summary>
    /// <param name="known">Those of this machine.</param>
    public bool CanBeOpened(IReadOnlySet<string> known) =>
        Groups.Count(group => group.Any(key => known.Contains(key) || Services.Contains(key, StringComparer.Ordinal))) >= Needed;

    /// <summary>The keys, those of a group joined by or.</summary>
    public string Describe() => string.Join(" + ", Groups.Select(group => string.Join(" | ", group)));

    private static IReadOnlyList<string> KeysOf(YamlNode group) =>
    [
        .. Texts(group, "age", "recipient"), .. Texts(group, "pgp", "fp"),
        .. Services.Where(service => group.Find(service)?.Items is { Count: > 0 }),
    ];

    private static IEnumerable<string> Texts(YamlNode group, string list, string field) => (group.Find(list)?.Items ?? []).Select(item => item.Find(field)?.Text).OfType<string>();
}
