using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HomelabOps.Core.Diagnosis.Manifests.Checks;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Checks the manifests of a repository as Flux would build them, without touching a cluster.</summary>
public static class ManifestTester
{
    /// <summary>Gives what is wrong, by file and line.</summary>
    /// <param name="query">Which manifests.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabFinding>> CheckAsync(ManifestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (root, _, findings, notices) = await ReadAsync(query, cancellationToken);
        foreach (var notice in notices)
        {
            yield return notice;
        }

        foreach (var finding in findings)
        {
            if (root.Contains(finding.File))
            {
                yield return finding;
            }
        }
    }

    /// <summary>Gives the objects that Flux would apply, parents before children; what is wrong is a warning.</summary>
    /// <param name="query">Which manifests.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<BuiltManifest>> BuildAsync(ManifestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (root, snapshot, findings, notices) = await ReadAsync(query, cancellationToken);
        foreach (var notice in notices)
        {
            yield return notice;
        }

        foreach (var finding in findings)
        {
            if (finding.Severity > FindingSeverity.Info && root.Contains(finding.File))
            {
                yield return new WarningNotice(finding.ToString());
            }
        }

        foreach (var (_, node, item) in snapshot.Objects.Where(entry => root.Contains(entry.Item.File)))
        {
            yield return Built(node, item);
        }
    }

    /// <summary>Gives the folder that paths are from, the Secrets that anybody with the repository can read, the files with variables that others are made of, and those that could be read as manifests.</summary>
    /// <param name="path">The repository.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    internal static (string Folder, IReadOnlyList<HomelabFinding> Findings, IReadOnlySet<string> Variables, IReadOnlySet<string> Read) FindSecrets(string path, CancellationToken cancellationToken)
    {
        var root = ManifestRoot.Find(path, cancellationToken);
        var snapshot = ManifestSnapshot.Read(root.Files, new ClusterFacts(), null, cancellationToken);
        return (root.Folder, [.. SecretCheck.Plain(snapshot), .. SecretCheck.Generated(snapshot)], SecretCheck.Variables(snapshot), snapshot.Index.Contents.Where(file => file.Problem is null).Select(file => file.Path.TrimStart('/')).ToHashSet(StringComparer.Ordinal));
    }

    private static async Task<(ManifestRoot Root, ManifestSnapshot Snapshot, IReadOnlyList<HomelabFinding> Findings, IReadOnlyList<Notice> Notices)> ReadAsync(ManifestQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var reader = new FactsReader();
        var facts = await reader.ReadAsync(query, cancellationToken);
        return await Task.Run(
            () =>
            {
                var root = ManifestRoot.Find(query.Path, cancellationToken);
                using var pushed = PushedFiles.Open(root.Folder);
                var snapshot = ManifestSnapshot.Read(root.Files, facts, pushed is null ? null : pushed.Read, cancellationToken);
                return (root, snapshot, ManifestChecks.Run(snapshot, cancellationToken), reader.Notices);
            },
            cancellationToken);
    }

    private static BuiltManifest Built(FluxNode node, BuiltObject item)
    {
        using var document = JsonDocument.Parse(item.Content.ToJsonString(), new() { MaxDepth = RawJsonContext.Depth });
        return new(
            new RawObject(ObjectText.Reference(item.Content), document.RootElement.Clone(), null), node.Reference, item.File, item.Line > 0 ? Convert.ToInt32(item.Line, CultureInfo.InvariantCulture) : null);
    }
}
