using System.Globalization;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>A place in a file of the repository; line and column are 0 where none is known.</summary>
internal readonly record struct ManifestPlace(string? File, long Line = 0, long Column = 0)
{
    /// <summary>The place of a node.</summary>
    public static ManifestPlace Of(string? file, YamlNode node) => new(file, node.Line, node.Column);

    /// <summary>The place of a field's name, or of what exists on the way to it.</summary>
    public static ManifestPlace Of(string? file, YamlNode node, IEnumerable<string> path)
    {
        var place = Of(file, node);
        foreach (var part in path)
        {
            if (node.Items is { } items)
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= items.Count)
                {
                    break;
                }

                node = items[index];
                place = Of(file, node);
            }
            else
            {
                var entry = node.Entries?.FindLast(entry => entry.Key.Text == part) ?? default;
                if (entry.Key is null)
                {
                    break;
                }

                node = entry.Value;
                place = Of(file, entry.Key);
            }
        }

        return place;
    }
}
