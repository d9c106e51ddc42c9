using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Flux.Helm;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Releases charts as far as their status goes. Of app-template the workloads come into being too, see <see cref="AppTemplate"/>.</summary>
internal sealed class HelmReleaseController : FluxController
{
    private const string Finalizer = "finalizers.fluxcd.io";
    private static readonly TimeSpan UsualInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan DependencyInterval = TimeSpan.FromSeconds(30);

    private readonly ServedTypes _types;
    private readonly Dictionary<string, Informer> _sources;

    public HelmReleaseController(ControllerHost host, FluxOptions options)
        : base(host, "helm-controller", Types.HelmRelease, options)
    {
        _types = new ServedTypes(host.Client);
        _sources = new[] { Types.OciRepository, Types.HelmChart }.ToDictionary(
            type => type.Kind,
            type => Watch(type, (ObjectChange change) => Informer.All.Where(item => HelmChartSource.Of(item) == (type.Kind, ObjectName.Of(change.Latest))).Select(ObjectName.Of)),
            StringComparer.Ordinal);
        Watch(Types.HelmRelease, (ObjectChange change) => change.After is { } after && Conditions.IsReady(after) && (change.Before is not { } before || !Conditions.IsReady(before))
            ? Informer.All.Where(item => HelmChartSource.Dependencies(item).Contains(ObjectName.Of(after))).Select(ObjectName.Of)
            : []);
    }

    protected override async Task EndAsync(ObjectName name, JsonObject? item, CancellationToken cancellationToken)
    {
        if (item is null || !(item["metadata"]?["finalizers"] as JsonArray ?? []).Any(finalizer => (string?)finalizer == Finalizer))
        {
            return;
        }

        if (item["spec"]?["suspend"]?.GetValue<bool>() != true)
        {
            await UninstallAsync(item, cancellationToken);
        }

        await Objects.MergeAsync(Type, name, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, cancellationToken);
    }

    protected override async Task<TimeSpan?> AttemptAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        if (Cells.Count(item, "metadata.finalizers") == 0)
        {
            await Objects.MergeAsync(Type, ObjectName.Of(item), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray(Finalizer) } }, cancellationToken);
        }

        var again = Interval(item, "interval", UsualInterval);
        try
        {
            await ReleaseAsync(item, status, cancellationToken);
        }
        catch (ReconcileException error)
        {
            status.Fail(error.Reason, error.Message);
            again = error.Reason is "DependencyNotReady" or "SourceNotReady" or "ArtifactFailed" ? DependencyInterval : again;
        }

        await WriteAsync(item, status, cancellationToken);
        return again;
    }

    private async Task ReleaseAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        if (HelmChartSource.Dependencies(item).FirstOrDefault(name => Informer.Find(name) is not { } found || !Conditions.IsReady(found)) is { Name: not null } missing)
        {
            throw new ReconcileException("DependencyNotReady", $"dependency '{missing}' is not ready");
        }

        await EnsureChartAsync(item, status, cancellationToken);
        var (kind, place) = HelmChartSource.Of(item);
        if (!_sources.TryGetValue(kind, out var informer) || informer.Find(place) is not { } source)
        {
            throw new ReconcileException("ArtifactFailed", $"could not get Source object: {kind} '{place}' not found");
        }

        if (!Conditions.IsReady(source))
        {
            throw new ReconcileException("SourceNotReady", $"{kind} '{place}' is not ready");
        }

        var (chart, version) = HelmChartSource.Chart(item, source);
        var release = new HelmReleaseState(item, status, chart, version);
        if (release.IsDeployed && !release.IsForced())
        {
            var released = Cells.Items(status.Fields, "conditions").First(condition => Cells.Text(condition, "type") == "Released");
            var (reason, message) = (Cells.Text(released, "reason"), Cells.Text(released, "message"));
            if (Cells.Text(released, "status") == "True")
            {
                status.Succeed(reason, message);
                return;
            }

            // What was rolled back to runs, and is not what was asked for; without a reason to hope, nothing is tried anew.
            if (World.ReleaseFailure($"{ObjectName.Of(item)}") is not null)
            {
                status.Fail(reason, message);
                return;
            }
        }

        await DeployAsync(item, status, release, cancellationToken);
    }

    private async Task DeployAsync(JsonObject item, FluxStatus status, HelmReleaseState release, CancellationToken cancellationToken)
    {
        release.Begin();
        var failure = World.ReleaseFailure($"{ObjectName.Of(item)}");
        var rendered = release.Chart == AppTemplate.Chart ? AppTemplate.Render(release.Name, item["spec"]?["values"] as JsonObject) : [];
        try
        {
            if (failure is null)
            {
                await ApplyAsync(item, rendered, cancellationToken);
                await SupersedeAsync(release, cancellationToken);
                var secret = HelmStorage.Secret(release.Name, release.Storage, release.Number, release.Chart, release.Version, rendered, item["spec"]?["values"], Clock.GetUtcNow());
                await Objects.CreateAsync(Types.Secret, secret, cancellationToken);
            }
        }
        catch (HomelabException error) when (error.ServerText is not null)
        {
            failure = error.ServerText;
        }

        var (reason, message) = failure is null ? release.Succeed() : release.Fail(failure);
        Objects.Record(item, failure is null ? "Normal" : "Warning", reason, message);
        if (failure is null)
        {
            status.Succeed(reason, message);
        }
        else if (!release.IsStalled)
        {
            status.Fail(reason, message);
        }
    }

    // Helm marks the release before as no longer the deployed one.
    private async Task SupersedeAsync(HelmReleaseState release, CancellationToken cancellationToken)
    {
        var former = HelmStorage.Name(release.Name.Name, release.Number - 1);
        if (release.Number > 1 && await Objects.Client.FindObjectAsync(Types.Secret, release.Storage, former, cancellationToken) is { } secret && Cells.Text(secret["metadata"]?["labels"], "status") == "deployed")
        {
            await Objects.ReplaceAsync(Types.Secret, HelmStorage.WithStatus(secret, "superseded"), cancellationToken);
        }
    }

    private async Task ApplyAsync(JsonObject item, IReadOnlyList<JsonObject> rendered, CancellationToken cancellationToken)
    {
        var (space, name) = ObjectName.Of(item);
        foreach (var part in rendered)
        {
            var labels = (JsonObject)part["metadata"]!["labels"]!;
            labels["helm.toolkit.fluxcd.io/name"] = name;
            labels["helm.toolkit.fluxcd.io/namespace"] = space;
            var entry = InventoryEntry.Of(part);
            var type = await _types.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken);
            await Objects.ApplyAsync(type!, part.DeepClone().AsObject(), cancellationToken);
        }
    }

    // A chart template becomes an object of its own, which the source-controller works on.
    private async Task EnsureChartAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        if (item["spec"]?["chart"]?["spec"] is not JsonObject template)
        {
            return;
        }

        var ((space, name), (_, place)) = (ObjectName.Of(item), HelmChartSource.Of(item));
        var spec = template.DeepClone().AsObject();
        spec["interval"] ??= Cells.Text(item, "spec.interval", "1h");
        (spec["sourceRef"] as JsonObject)?.Remove("namespace");
        status.Fields["helmChart"] = place.ToString();
        var present = _sources[Types.HelmChart.Kind].Find(place);
        if (present is null || Cells.Text(present, "spec.version") != Cells.Text(spec, "version") || Cells.Text(present, "spec.chart") != Cells.Text(spec, "chart"))
        {
            var labels = new JsonObject { ["helm.toolkit.fluxcd.io/name"] = name, ["helm.toolkit.fluxcd.io/namespace"] = space };
            await Objects.ApplyAsync(
                Types.HelmChart,
                new JsonObject
                {
                    ["apiVersion"] = Types.HelmChart.ApiVersion,
                    ["kind"] = Types.HelmChart.Kind,
                    ["metadata"] = new JsonObject { ["name"] = place.Name, ["namespace"] = place.Namespace, ["labels"] = labels },
                    ["spec"] = spec,
                },
                cancellationToken);
        }
    }

    private async Task UninstallAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var (release, status) = (HelmReleaseState.NameOf(item), item["status"] as JsonObject ?? []);
        foreach (var part in AppTemplate.Render(release, item["spec"]?["values"] as JsonObject))
        {
            var type = Cells.Text(part, "kind") == "Service" ? Types.Service : Types.Deployment;
            var live = await Objects.Client.FindObjectAsync(type, release.Namespace, ObjectName.Of(part).Name, cancellationToken);
            if ((string?)live?["metadata"]?["annotations"]?["meta.helm.sh/release-name"] == release.Name)
            {
                await Objects.DeleteAsync(type, ObjectName.Of(part), cancellationToken, new DeleteRequest { Propagation = "Background" });
            }
        }

        foreach (var entry in Cells.Items(status, "history"))
        {
            await Objects.DeleteAsync(Types.Secret, new(Cells.Text(status, "storageNamespace", release.Namespace), HelmStorage.Name(release.Name, Cells.Number(entry, "version"))), cancellationToken);
        }

        if (item["spec"]?["chart"] is not null)
        {
            await Objects.DeleteAsync(Types.HelmChart, HelmChartSource.Of(item).Name, cancellationToken);
        }
    }
}
