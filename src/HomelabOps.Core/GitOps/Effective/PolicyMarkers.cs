using System.Text;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Comments such as <c># {"$imagepolicy": "flux-system:sonarr"}</c>, by which Flux' image automation knows the values that it writes itself.</summary>
internal static partial class PolicyMarkers
{
    /// <summary>The marked lines that a change of files has made others of. What comes anew is as it was meant to be.</summary>
    /// <param name="paths">The files that change, as paths of the repository.</param>
    /// <param name="before">The repository before.</param>
    /// <param name="after">And afterwards.</param>
    /// <returns>File, line and policy of each, the policy as namespace/name.</returns>
    public static IEnumerable<(string File, int Line, string Policy)> Changed(IEnumerable<string> paths, IBuildFiles before, IBuildFiles after)
    {
        foreach (var path in paths.Where(IndexedFile.IsYaml))
        {
            if (before.Resolve("/" + path) is not { } old || after.Resolve("/" + path) is not { } now)
            {
                continue;
            }

            var known = Lines(before, old).ToList();
            foreach (var (index, line) in Lines(after, now).Index())
            {
                if (!known.Remove(line) && Marker().Match(line) is { Success: true } marker)
                {
                    yield return (path, index + 1, $"{marker.Groups["namespace"].Value}/{marker.Groups["name"].Value}");
                }
            }
        }
    }

    private static string[] Lines(IBuildFiles files, string path) => Encoding.UTF8.GetString(files.Read(path)).Split('\n');

    [GeneratedRegex("""#\s*\{\s*"\$imagepolicy"\s*:\s*"(?<namespace>[^":]+):(?<name>[^":]+)(:[^"]*)?"\s*\}""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marker();
}
