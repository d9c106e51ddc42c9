using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Compares images with the names of <c>images</c>, which kustomize takes for patterns.</summary>
internal static class ImageNames
{
    /// <summary>Whether a name of <c>images</c> means one of these.</summary>
    public static bool Match(string pattern, IReadOnlyCollection<string> names)
    {
        try
        {
            return names.Contains(pattern) || names.Any(name => Regex.IsMatch(name, $"^{pattern}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        }
        catch (ArgumentException)
        {
            // The build says so.
            return false;
        }
    }
}
