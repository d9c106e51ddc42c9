using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.GitOps.Git;

namespace HomelabOps.Core.Diagnosis.Secrets;

/// <summary>The secrets of a repository that anybody with it can read.</summary>
/// <param name="Manifests">Secrets of Kubernetes, as Test-FluxManifest tells of them.</param>
/// <param name="Leaks">What is in other files.</param>
internal sealed record RepositorySecrets(IReadOnlyList<HomelabFinding> Manifests, IReadOnlyList<SecretLeak> Leaks)
{
    /// <summary>Looks for them.</summary>
    /// <param name="folder">The working copy.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="HomelabException">PathNotFound, RepositoryUnreadable.</exception>
    public static RepositorySecrets Find(string folder, CancellationToken cancellation)
    {
        var (root, manifests, variables, read) = ManifestTester.FindSecrets(folder, cancellation);
        var told = manifests.Select(finding => finding.File).ToHashSet(StringComparer.Ordinal);
        return new(manifests, TrackedFiles.Read<SecretLeak>(root, path => !told.Contains(path), Find, cancellation));

        IEnumerable<SecretLeak> Find(string path, string text) =>
            SecretPatterns.Find(path, text).Concat(variables.Contains(path) ? SecretTexts.OfVariables(path, text) : read.Contains(path) ? [] : SecretTexts.Find(path, text));
    }
}
