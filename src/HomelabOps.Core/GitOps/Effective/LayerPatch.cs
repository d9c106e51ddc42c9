using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A patch of a kustomization: its text, and what it is for.</summary>
/// <param name="Frame">Where it is written.</param>
/// <param name="Target">The selector; null where the patch itself names its object.</param>
internal sealed record LayerPatch(TextFrame Frame, YamlNode? Target)
{
    /// <summary>Whether it may be for an object of a kind that has, or had, one of these names.</summary>
    public bool MayBeFor(YamlNode root, string kind, IReadOnlyCollection<string> names)
    {
        if (Target is null)
        {
            return root.Find("kind")?.Text == kind && root.Find("metadata")?.Find("name")?.Text is { } name && names.Contains(name);
        }

        return Fits(Target.Find("kind")?.Text, [kind]) && Fits(Target.Find("name")?.Text, names);
    }

    private static bool Fits(string? pattern, IEnumerable<string> texts)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return true;
        }

        try
        {
            return texts.Any(text => Regex.IsMatch(text, $"^(?:{pattern})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        }
        catch (ArgumentException)
        {
            // The build says so.
            return false;
        }
    }
}
