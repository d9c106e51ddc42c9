using System.Globalization;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The files of the homelab's repository, by their paths in it. The same plan always gives the same texts.</summary>
internal sealed class HomelabManifests(HomelabPlan plan)
{
    /// <summary>The folder that Flux applies.</summary>
    public const string Root = "clusters/homelab";

    private const string Spare = "spare";
    private static readonly string[] Infrastructure = ["crds", "controllers", "metallb", "metallb-config", "traefik", "storage"];

    private static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["DOMAIN"] = HomelabPlan.Domain,
        ["METALLB_VERSION"] = "v0.14.9",
        ["VOLSYNC_VERSION"] = "0.13.0",
    };

    private readonly AppManifests _apps = new(plan);

    /// <summary>How the repository came to be what it is, oldest step first: what was written, and the files that were added or changed.</summary>
    public IEnumerable<(string Message, IReadOnlyDictionary<string, string> Files)> History()
    {
        yield return ($"Add Flux {FluxManifests.Version} component manifests", Bootstrap());
        yield return ("Add the infrastructure: VolSync, MetalLB, Traefik and the volumes", InfrastructureFiles());
        yield return ("Add the applications", AppFiles());

        // Identities and addresses exist only once the movers run, so in a real homelab too this is a step of its own.
        var pairs = plan.Apps.Where(app => app.IsSyncthing).ToDictionary(app => $"{FolderOf(app)}/{AppManifests.ReplicationFile}", app => _apps.Files(app, isFirst: false)[AppManifests.ReplicationFile]);
        yield return ("Introduce the Syncthings of both nodes to each other", pairs);
        foreach (var app in plan.Apps.Where(app => app.FormerTag is not null))
        {
            var file = AppManifests.WorkloadFile(app);
            yield return ($"Update {app.Name} to {app.Tag}", new Dictionary<string, string>(StringComparer.Ordinal) { [$"{FolderOf(app)}/{file}"] = _apps.Files(app, isFirst: false)[file] });
        }
    }

    /// <summary>All files as the last step leaves them.</summary>
    public SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in History().SelectMany(step => step.Files))
        {
            files[path] = text;
        }

        return files;
    }

    /// <summary>The folder of an application.</summary>
    public static string FolderOf(PlannedApp app) => $"{Root}/apps/{app.Category}/{app.Name}";

    private static Dictionary<string, string> Bootstrap()
    {
        var files = Fixed("");
        files[$"{Root}/flux-system/gotk-components.yaml"] = FluxManifests.Components();
        files[".gitattributes"] = EmbeddedText.Read("Parts/gitattributes.txt");
        files[".gitignore"] = EmbeddedText.Read("Parts/gitignore.txt");
        return files.Where(file => !file.Key.StartsWith(Root, StringComparison.Ordinal) || file.Key.StartsWith($"{Root}/flux-system/", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
    }

    private Dictionary<string, string> InfrastructureFiles()
    {
        var files = Fixed($"{Root}/infrastructure/");
        foreach (var (path, text) in Fixed($"{Root}/cluster/infrastructure-"))
        {
            files[path] = text;
        }

        foreach (var (name, group) in new[] { ("volsync", "volsync.backube"), ("metallb", "metallb.io"), ("traefik", "traefik.io") })
        {
            files[$"{Root}/infrastructure/crds/{name}.yaml"] = string.Join("---\n", Definitions.Of(group));
        }

        foreach (var (name, text) in StorageManifests.Files(plan.Apps))
        {
            files[$"{Root}/infrastructure/storage/{name}"] = text;
        }

        files[$"{Root}/{Kustomizations.FileName}"] = RootKustomization([]);
        return files;
    }

    private Dictionary<string, string> AppFiles()
    {
        var files = Fixed($"{Root}/cluster/apps-");
        foreach (var app in plan.Apps)
        {
            foreach (var (name, text) in _apps.Files(app, isFirst: true))
            {
                files[$"{FolderOf(app)}/{name}"] = text;
            }
        }

        foreach (var category in plan.Categories)
        {
            AddCategory(files, category, plan.Apps.Where(app => app.Category == category).Select(app => app.Name));
        }

        // What lists the media now and then needs their category only, which every homelab has: its first application is one of it.
        var first = plan.Apps[0].Category;
        files[$"{Root}/apps/{first}/media-report.yaml"] = AppManifests.Fill("report", new Dictionary<string, string>(StringComparer.Ordinal) { ["NAMESPACE"] = first });
        files[$"{Root}/apps/{first}/{Kustomizations.FileName}"] += "  - media-report.yaml\n";
        AddSpares(files);
        files[$"{Root}/apps/{Kustomizations.FileName}"] = Kustomizations.Of(plan.Spares.Count > 0 ? [.. plan.Categories, Spare] : plan.Categories);
        files[$"{Root}/{Kustomizations.FileName}"] = RootKustomization(["cluster/apps-kustomization.yaml"]);
        return files;
    }

    private void AddSpares(Dictionary<string, string> files)
    {
        if (plan.Spares.Count == 0)
        {
            return;
        }

        var names = plan.Spares.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"spare-{index + 1:000}")).ToArray();
        AddCategory(files, Spare, names.Select(name => name + ".yaml"));
        foreach (var (name, pods) in names.Zip(plan.Spares))
        {
            files[$"{Root}/apps/{Spare}/{name}.yaml"] =
                AppManifests.Fill("spare", new Dictionary<string, string>(StringComparer.Ordinal) { ["SPARE"] = name, ["REPLICAS"] = pods.ToString(CultureInfo.InvariantCulture) });
        }
    }

    private static void AddCategory(Dictionary<string, string> files, string category, IEnumerable<string> resources)
    {
        files[$"{Root}/apps/{category}/namespace.yaml"] =
            Template.Fill(EmbeddedText.Read("Parts/namespace.yaml"), new Dictionary<string, string>(StringComparer.Ordinal) { ["NAMESPACE"] = category });
        files[$"{Root}/apps/{category}/{Kustomizations.FileName}"] = Kustomizations.Of(["namespace.yaml", .. resources]);
    }

    private static string RootKustomization(IEnumerable<string> further) =>
        Kustomizations.Of([.. Infrastructure.Select(name => $"cluster/infrastructure-{name}.yaml"), .. further]);

    private static Dictionary<string, string> Fixed(string prefix) => EmbeddedText.Below("Repository/").Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(file => file.Path, file => Template.Fill(file.Text, Versions), StringComparer.Ordinal);
}
