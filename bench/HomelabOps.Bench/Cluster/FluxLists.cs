using System.Text.Json.Nodes;

namespace HomelabOps.Bench.Cluster;

/// <summary>The lists that Get-FluxStatus reads, found by the bench itself.</summary>
internal static class FluxLists
{
    private static readonly string[] Groups =
    [
        "source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io",
        "image.toolkit.fluxcd.io", "notification.toolkit.fluxcd.io", "source.extensions.fluxcd.io",
    ];

    /// <summary>Paths of the lists of all served kinds, each in the first version that serves it.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(ServerApi api)
    {
        var lists = new List<string>();
        foreach (var group in (await api.GetAsync("apis"))["groups"]!.AsArray())
        {
            var name = group!["name"]!.GetValue<string>();
            if (!Groups.Contains(name))
            {
                continue;
            }

            var preferred = group["preferredVersion"]?["version"]?.GetValue<string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var version in group["versions"]!.AsArray().Select(v => v!["version"]!.GetValue<string>()).OrderBy(v => v != preferred))
            {
                var resources = (await api.GetAsync($"apis/{name}/{version}"))["resources"]!.AsArray();
                lists.AddRange(resources.Where(IsListable).Select(resource => resource!["name"]!.GetValue<string>()).Where(seen.Add).Select(plural => $"apis/{name}/{version}/{plural}"));
            }
        }

        return lists;
    }

    private static bool IsListable(JsonNode? resource) =>
        !resource!["name"]!.GetValue<string>().Contains('/', StringComparison.Ordinal)
        && resource["verbs"]!.AsArray().Any(verb => verb!.GetValue<string>() == "list");
}
