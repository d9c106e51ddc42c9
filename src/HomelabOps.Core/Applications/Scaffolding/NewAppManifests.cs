using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>The texts of a new application's files.</summary>
internal sealed class NewAppManifests
{
    private static readonly string[] Sides = ["primary", "backup"];

    private readonly NewApp _app;
    private readonly AppConventions _conventions;
    private readonly RepositoryLayout _layout;
    private readonly AppTemplates _templates;
    private readonly Dictionary<string, object?> _values;
    private readonly string? _host;

    public NewAppManifests(NewApp app, AppConventions conventions, RepositoryLayout layout, AppTemplates templates)
    {
        (_app, _conventions, _layout, _templates) = (app, conventions, layout, templates);
        var neighbours = new Neighbourhood(layout);
        _host = app.Host ?? (neighbours.Domain is { } domain ? $"{app.Name}.{domain}" : "");
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in neighbours.Environment.Where(pair => pair.Key == "TZ" || app.Image.Contains("linuxserver/", StringComparison.Ordinal)).Concat(app.Environment))
        {
            environment[name] = value;
        }

        _values = new(StringComparer.Ordinal)
        {
            ["name"] = app.Name,
            ["namespace"] = app.Namespace ?? layout.NamespaceOf(app.Category),
            ["category"] = app.Category,
            ["image"] = app.Image,
            ["replicas"] = app.Replicas,
            ["port"] = app.Port,
            ["servicePort"] = app.ServicePort,
            ["probePath"] = app.ProbePath,
            ["host"] = _host,
            ["ingressClass"] = neighbours.IngressClass,
            ["environment"] = environment.Select(pair => new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = pair.Key, ["value"] = pair.Value }).ToList(),
            ["stateful"] = app.IsStateful,
            ["replicated"] = app.IsReplicated,
            ["pinned"] = app.IsStateful && app.StorageClass is null,
            ["nodeLabel"] = conventions.NodeLabel,
            ["storageClass"] = app.StorageClass,
            ["capacity"] = app.Capacity,
            ["claim"] = Claim(conventions.ClaimPattern),
            ["backupClaim"] = Claim(conventions.BackupClaimPattern),
            ["mountPath"] = app.MountPath,
            ["hostPaths"] = app.HostPaths.Select(path => new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = NewAppRules.VolumeName(path), ["path"] = path }).ToList(),
        };
    }

    /// <summary>The names of its volumes, where it has some of its own.</summary>
    public static IEnumerable<string> VolumesOf(NewApp app) => !app.IsStateful || app.StorageClass is not null ? []
        : app.IsReplicated ? Sides.SelectMany(side => new[] { $"pv-{app.Name}-{side}", $"pv-volsync-{app.Name}-{side}-config" })
        : [$"pv-{app.Name}-primary"];

    /// <summary>The files of its folder, by name, in the order in which the kustomization lists them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OfFolder()
    {
        string[] names =
        [
            .. _app.IsStateful ? ["pvc.yaml"] : Array.Empty<string>(),
            "deployment.yaml",
            .. _app.Port is null ? [] : (string[])["service.yaml"],
            .. _app.Port is null || _host is null or "" ? [] : (string[])["ingress.yaml"],
            .. _app.IsReplicated ? (string[])["volsync.yaml"] : [],
        ];
        return [.. names.Select(name => KeyValuePair.Create(name, Render(name))), KeyValuePair.Create("kustomization.yaml", Render("kustomization.yaml", ("resources", names)))];
    }

    /// <summary>The files of a new category, by name.</summary>
    /// <param name="entry">The application as the category lists it.</param>
    /// <param name="isNew">Nobody makes its namespace yet.</param>
    public IReadOnlyList<KeyValuePair<string, string>> OfCategory(string entry, bool isNew) =>
    [
        .. isNew ? [KeyValuePair.Create("namespace.yaml", Render("namespace.yaml"))] : Array.Empty<KeyValuePair<string, string>>(),
        KeyValuePair.Create("kustomization.yaml", Render("kustomization.yaml", ("resources", isNew ? ["namespace.yaml", entry] : new[] { entry }))),
    ];

    /// <summary>The volumes of its claims.</summary>
    public string Volumes()
    {
        var settings = $"{_conventions.StoragePath[..Math.Max(1, _conventions.StoragePath.LastIndexOf('/'))].TrimEnd('/')}/volsync";
        var data = $"{_conventions.StoragePath}/{_app.Name}";
        var volumes = new List<Dictionary<string, object?>> { Volume($"pv-{_app.Name}-primary", data, "primary", Claim(_conventions.ClaimPattern), _app.Capacity) };
        if (_app.IsReplicated)
        {
            volumes.Add(Volume($"pv-{_app.Name}-backup", data, "backup", Claim(_conventions.BackupClaimPattern), _app.Capacity));
            volumes.AddRange(Sides.Select(side =>
                Volume($"pv-volsync-{_app.Name}-{side}-config", $"{settings}/{_app.Name}-{side}-config", side, $"volsync-{_app.Name}-{side}-config", "1Gi")));
        }

        return Render("volumes.yaml", ("volumes", volumes));
    }

    /// <summary>A Flux Kustomization like another one.</summary>
    /// <param name="like">The other one.</param>
    /// <param name="name">Its name.</param>
    /// <param name="folder">What it applies, as a path of the repository.</param>
    public string Flux(IndexedFlux like, string name, string folder)
    {
        var node = _layout.NodeOf(like.Object);
        var spec = node.Find("spec");
        var source = spec?.Find("sourceRef");
        return Render(
            "flux-kustomization.yaml",
            ("fluxVersion", like.Object.ApiVersion),
            ("fluxName", name),
            ("fluxNamespace", node.Find("metadata")?.Find("namespace")?.Text),
            ("fluxInterval", spec?.Find("interval")?.Text ?? "10m"),
            ("fluxPath", (like.Path.StartsWith("./", StringComparison.Ordinal) ? "." : "") + folder),
            ("fluxDependencies", (spec?.Find("dependsOn")?.Items ?? []).Select(Dependency).ToList()),
            ("sourceKind", source?.Find("kind")?.Text),
            ("sourceName", source?.Find("name")?.Text),
            ("sourceNamespace", source?.Find("namespace")?.Text),
            ("targetNamespace", like.TargetNamespace.Length > 0 ? _values["namespace"] : null));

        static Dictionary<string, object?> Dependency(YamlNode entry) => new(StringComparer.Ordinal) { ["name"] = entry.Find("name")?.Text, ["namespace"] = entry.Find("namespace")?.Text };
    }

    private static Dictionary<string, object?> Volume(string name, string path, string node, string claim, string capacity) =>
        new(StringComparer.Ordinal) { ["name"] = name, ["path"] = path, ["node"] = node, ["claim"] = claim, ["capacity"] = capacity };

    private string Claim(string pattern) => new ClaimPattern(pattern).NameOf(_app.Name);

    private string Render(string template, params ReadOnlySpan<(string Name, object? Value)> further)
    {
        var values = new Dictionary<string, object?>(_values, StringComparer.Ordinal);
        foreach (var (name, value) in further)
        {
            values[name] = value;
        }

        return _templates.Render(template, values);
    }
}
