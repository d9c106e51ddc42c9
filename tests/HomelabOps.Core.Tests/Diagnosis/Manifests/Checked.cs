using System.Text;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>A repository with a cluster in it that is well, to which a test adds what is not.</summary>
internal sealed class Checked
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<string> _definitions = [];
    private readonly Dictionary<string, string> _pushed = new(StringComparer.Ordinal);
    private HashSet<string>? _namespaces;

    public Checked()
    {
        With("cluster/flux-system/sync.yaml", Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system", "interval: 1m\nurl: https://git.example/home.git") + "---\n" + Flux("flux-system", "./cluster"));
        With("cluster/apps.yaml", Flux("apps", "./apps"));
        With("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml]\n");
        With("apps/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: media}\n");
        With("apps/app.yaml", Map("app"));
    }

    /// <summary>Sets the text of a file.</summary>
    public Checked With(string path, string text)
    {
        _files[path] = text;
        return this;
    }

    /// <summary>Adds a file to the folder that Flux applies for the applications.</summary>
    public Checked WithApp(string text)
    {
        With("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml, extra.yaml]\n");
        return With("apps/extra.yaml", text);
    }

    /// <summary>Adds a definition that is not in the repository.</summary>
    public Checked WithDefinition(string text)
    {
        _definitions.Add(text);
        return this;
    }

    /// <summary>Sets the text that a file had when it was pushed last.</summary>
    public Checked WithPushed(string path, string text)
    {
        _pushed["/" + path] = text;
        return this;
    }

    public Checked WithClusterNamespaces(params string[] names)
    {
        _namespaces = [.. names];
        return this;
    }

    public ManifestSnapshot Snapshot() => ManifestSnapshot.Read(
        new MemoryFiles([.. _files.Select(file => (file.Key, file.Value))]),
        new ClusterFacts { NamedDefinitions = [.. _definitions.SelectMany(text => ManifestReader.Read("definition", text)).Select(manifest => manifest.Content)], Namespaces = _namespaces },
        path => _pushed.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : null,
        TestContext.Current.CancellationToken);

    public IReadOnlyList<HomelabFinding> Findings() => ManifestChecks.Run(Snapshot(), TestContext.Current.CancellationToken);

    /// <summary>The one finding, as severity, reason and place.</summary>
    public string Only() => Assert.Single(Findings()) is var finding ? $"{finding.Severity} {finding.Reason} {finding.Place}" : "";

    public static string Object(string apiVersion, string kind, string @namespace, string name, string spec) =>
        $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata:\n  name: {name}\n{(@namespace.Length > 0 ? $"  namespace: {@namespace}\n" : "")}spec:\n{Indented(spec)}\n";

    /// <summary>A Kustomization of Flux; what is added begins in the first column.</summary>
    public static string Flux(string name, string path, string more = "") => Object(
        "kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system", name, $"interval: 1m\nprune: true\nsourceRef: {{kind: GitRepository, name: flux-system}}\npath: {path}{(more.Length > 0 ? "\n" + more : "")}");

    public static string Map(string name) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: media}}\ndata: {{a: b}}\n";

    public static string Release(string spec) => Object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "media", "plex", "interval: 1m\n" + spec);

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));
}
