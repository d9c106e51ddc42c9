using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Schemas;
using HomelabOps.Core.Streaming;
using System.Runtime.CompilerServices;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Says of a repository's applications which values they have and where those are defined. No cluster is asked.</summary>
internal static class AppManifests
{
    private static readonly string[] Kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"];

    /// <summary>Gives the values, application by application, in the order in which Flux applies them.</summary>
    /// <param name="query">Which values.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabManifest>> ReadAsync(AppManifestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var view = await Task.Run(() => ManifestView.Read(ManifestRoot.Find(query.Path, cancellationToken).Files, query.Patterns, cancellationToken), cancellationToken);
        foreach (var node in view.Unbuilt)
        {
            yield return ManifestView.UnbuiltNotice(node);
        }

        var apps = view.Apps.Where(app => Names(query.Namespaces, app.Namespace) && (query.Apps.Count == 0 || query.Apps.Any(name => IsMeant(name, app)))).ToArray();
        foreach (var name in query.Apps.Where(name => !name.IsWildcard && !apps.Any(app => IsMeant(name, app))))
        {
            yield return new FailureNotice(Errors.AppNotFoundInRepository(name.Text, query.Shown, Near(name.Name, view.Apps)));
        }

        var locator = new ManifestLocator(view);
        var told = new HashSet<(ResourceReference, ManifestField)>();
        foreach (var (app, field, place) in locator.Locate(apps, cancellation: cancellationToken).Where(found => query.Fields.Count == 0 || query.Fields.Contains(found.Field.Field)))
        {
            if (ReleaseLastWord.Of(app, field, field.Field) is { } last && told.Add((app.Reference, field.Field)))
            {
                yield return new WarningNotice(Errors.Text("Notice_AppValueOverridden", app.Reference, field.Field, last));
            }

            yield return ManifestLocator.Record(app, field, place);
        }
    }

    /// <summary>The names of the applications of a repository, without building it.</summary>
    public static IReadOnlyList<string> Names(string path, CancellationToken cancellation) =>
        [.. RepositoryIndex.Read(ManifestRoot.Find(path, cancellation).Files, cancellation).Objects.Where(item => Kinds.Contains(item.Kind) && !item.Name.Contains('$', StringComparison.Ordinal)).Select(item => item.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a name means an application. A reference of a pod's owner leads to the release that made it.</summary>
    public static bool IsMeant(ResourcePattern name, ManifestApp app)
    {
        name = WorkloadKindNames.Spell(name);
        var isIn = string.IsNullOrEmpty(name.Namespace) || ResourcePattern.Matches(name.Namespace, app.Namespace);
        var isKind = name.Kind is null || app.IsRelease || ResourcePattern.Matches(name.Kind, app.Kind);
        return isIn && isKind && (ResourcePattern.HasWildcard(name.Name) ? ResourcePattern.Matches(name.Name, app.Name) : app.IsCalled(name.Name));
    }

    /// <summary>Names that begin alike, for who mistyped one.</summary>
    public static IReadOnlyList<string> Near(string name, IEnumerable<ManifestApp> apps) =>
        [.. apps.Select(app => app.Name).Where(known => known.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(known, StringComparison.OrdinalIgnoreCase) || (name.Length > 2 && known.StartsWith(name[..3], StringComparison.OrdinalIgnoreCase))).Distinct(StringComparer.Ordinal).Take(5)];

    private static bool Names(IReadOnlyList<string> patterns, string @namespace) => patterns.Count == 0 || patterns.Any(pattern => ResourcePattern.Matches(pattern, @namespace));
}
