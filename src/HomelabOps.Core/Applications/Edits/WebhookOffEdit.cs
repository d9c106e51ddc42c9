using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>
/// Switches MetalLB's webhook off where its controller is defined, proven by building the repository with it. The API server is told in the
/// same commit to go on where it does not answer, or no pool of addresses could be changed any more.
/// </summary>
/// <param name="target">The controller, or the HelmRelease that makes it.</param>
/// <param name="container">The container of the controller.</param>
/// <param name="entries">Entries of ValidatingWebhookConfigurations that the API server insists on; a chart has them itself.</param>
internal sealed class WebhookOffEdit(ResourceReference target, string container, IReadOnlyList<(string Configuration, string Entry)> entries) : IRepositoryEdit
{
    private const string Chart = "metallb";
    private const string Flag = "--webhook-mode";
    private const string Disabled = "disabled";
    private const string Ignored = "Ignore";
    private const string ConfigurationKind = "ValidatingWebhookConfiguration";

    /// <inheritdoc/>
    public string Message => "Switch off the webhook of MetalLB";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Runs { get; private set; } = [];

    /// <summary>After the edit was worked out: the repository has it so already.</summary>
    public bool IsUnchanged { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="HomelabException">WebhookNotInGit: it is not there, or not by a chart that is known. Those of an edit.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var view = ManifestView.Read(files, []);
        var all = view.Trees.SelectMany(tree => tree.Nodes).SelectMany(ManifestView.Objects).ToArray();
        var controller = Only(all.Where(item => item.Kind == target.Kind && item.Namespace == target.Namespace && ObjectText.Name(item.Object) == target.Name), target);
        var isRelease = ObjectText.IsHelmRelease(controller.Object);
        if (isRelease && !IsOwnChart(controller, all))
        {
            throw NotInGit("Detail_WebhookChart");
        }

        var configurations = isRelease ? [] : entries.GroupBy(entry => entry.Configuration, entry => entry.Entry)
            .Select(group => (Item: Only(all.Where(item => item.Kind == ConfigurationKind && item.Name == group.Key), new(null, ConfigurationKind, "", group.Key)), Entries: group.ToHashSet(StringComparer.Ordinal))).ToArray();
        var trial = new ManifestTrial(view, force: false, [controller, .. configurations.Select(found => found.Item)]);
        if (isRelease)
        {
            SwitchOffRelease(new(trial, controller));
        }
        else
        {
            SwitchOff(new(trial, controller));
        }

        foreach (var (item, ours) in configurations)
        {
            Relax(new(trial, item), ours);
        }

        var changes = trial.Finish(target.Name);
        (IsUnchanged, Runs) = (changes.Count == 0, [target with { Cluster = null }]);
        return changes;
    }

    // What a chartRef leads to has to be in the repository, or nobody knows whose values these are.
    private static bool IsOwnChart(ManifestObject release, IEnumerable<ManifestObject> all)
    {
        if (ObjectText.Node(release.Object, "spec", "chartRef") is not { } reference)
        {
            return ObjectText.At(release.Object, "spec", "chart", "spec", "chart") == Chart;
        }

        var (kind, own, name) = (ObjectText.At(reference, "kind"), ObjectText.At(reference, "namespace"), ObjectText.At(reference, "name"));
        var space = own.Length > 0 ? own : release.Namespace;
        var sources = all.Where(item => item.Kind == kind && item.Namespace == space && item.Name == name).Select(item => kind switch
        {
            "OCIRepository" => ObjectText.At(item.Object, "spec", "url").TrimEnd('/').Split('/')[^1],
            "HelmChart" => ObjectText.At(item.Object, "spec", "chart"),
            _ => "",
        }).ToList();
        return sources.Count > 0 && sources.TrueForAll(source => source == Chart);
    }

    private static void SwitchOffRelease(ObjectTrial trial)
    {
        var values = ObjectPath.Of("spec", "values");
        if (values.Find(trial.Now) is null)
        {
            var both = YamlValue.Mapping(
                KeyValuePair.Create("controller", YamlValue.Mapping(KeyValuePair.Create("webhookMode", YamlValue.Text(Disabled)))),
                KeyValuePair.Create("crds", YamlValue.Mapping(KeyValuePair.Create("validationFailurePolicy", YamlValue.Text(Ignored)))));
            trial.Keep(trial.Adds(values.Parent, ["values"], both), now => ObjectText.At(values.Find(now), "controller", "webhookMode") == Disabled, [values], values.ToString(), Disabled);
            return;
        }

        trial.Write(values.Then("controller").Then("webhookMode"), Disabled);
        trial.Write(values.Then("crds").Then("validationFailurePolicy"), Ignored);
    }

    // The flag and its value are one argument, or two.
    private void SwitchOff(ObjectTrial trial)
    {
        var containers = ObjectPath.Of("spec", "template", "spec", "containers");
        var (item, index) = ObjectText.Items(containers.Find(trial.Now)).FirstOrDefault(entry => ObjectText.At(entry.Item, "name") == container);
        if (item is null)
        {
            throw NotInGit("Detail_WebhookByHand");
        }

        var (path, texts) = (containers.Then(index, item).Then("args"), (item["args"] as JsonArray ?? []).Select(argument => Scalars.Text(argument) ?? "").ToList());
        bool IsOff(JsonObject now) => containers.Then(index, item).Find(now) is JsonObject after && ControllerSettings.Of(ObjectText.At(after, "image"), [.. Texts(after["command"]), .. Texts(after["args"])]).Mode == Disabled;
        var at = texts.FindLastIndex(text => text == Flag || text.StartsWith(Flag + "=", StringComparison.Ordinal));
        var (place, value) = at < 0 ? (-1, "") : texts[at] == Flag ? (at + 1, Disabled) : (at, $"{Flag}={Disabled}");
        var wanted = YamlValue.Text($"{Flag}={Disabled}");
        trial.Keep(
            place >= 0 ? trial.Sets(path.Then(place, null), YamlValue.Text(value)) : texts.Count > 0 ? trial.Appends(path, texts.Count, wanted) : trial.Adds(path.Parent, ["args"], YamlValue.Sequence(wanted)),
            IsOff,
            [path],
            "args",
            $"{Flag}={Disabled}");
    }

    private static void Relax(ObjectTrial trial, HashSet<string> ours)
    {
        var list = ObjectPath.Of("webhooks");
        foreach (var (entry, index) in ObjectText.Items(list.Find(trial.Now)).Where(entry => ours.Contains(ObjectText.At(entry.Item, "name"))).ToList())
        {
            trial.Write(list.Then(index, entry).Then("failurePolicy"), Ignored);
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => Scalars.Text(item) ?? "");

    private ManifestObject Only(IEnumerable<ManifestObject> found, ResourceReference wanted) => found.ToArray() switch
    {
        [var only] => only,
        [] => throw Errors.WebhookNotInGit(target, Errors.Text("Detail_WebhookUnbuilt", wanted, target.Name)),
        var several => throw Errors.AppAmbiguous($"{wanted.Kind}/{wanted.Namespace}/{wanted.Name}", several.Select(item => $"{item.Node.Reference} ({item.Node.File?.TrimStart('/')})")),
    };

    private HomelabException NotInGit(string detail) => Errors.WebhookNotInGit(target, Errors.Text(detail, target.Name));
}
