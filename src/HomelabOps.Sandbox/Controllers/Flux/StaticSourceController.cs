using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>
/// The sources other than Git. Nothing is fetched: a plausible address has a plausible artifact, and a switch of the world makes one
/// fail. ExternalArtifacts are filled by others, and are left alone.
/// </summary>
internal sealed class StaticSourceController(ControllerHost host, ResourceType type, FluxOptions options) : FluxController(host, "source-controller", type, options)
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(10);

    /// <summary>The kinds that it is for.</summary>
    public static IReadOnlyList<ResourceType> Kinds { get; } = [Types.OciRepository, Types.HelmRepository, Types.HelmChart, Types.Bucket];

    private bool IsChart => Type == Types.HelmChart;

    protected override async Task<TimeSpan?> AttemptAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        // A HelmRepository of the type oci only holds an address for others.
        if (Type == Types.HelmRepository && Cells.Text(item, "spec.type") == "oci")
        {
            return null;
        }

        if (InvalidAddress(item) is { } invalid)
        {
            status.Set("FetchFailed", "True", "URLInvalid", invalid);
            status.Stall("URLInvalid", invalid);
            await WriteAsync(item, status, cancellationToken);
            return null;
        }

        if (World.SourceFailure($"{ObjectName.Of(item)}") is { } why)
        {
            await FailAsync(item, status, why, cancellationToken);
        }
        else
        {
            await StoreAsync(item, status, cancellationToken);
        }

        return Interval(item, "interval", UsualInterval);
    }

    private async Task FailAsync(JsonObject item, FluxStatus status, string why, CancellationToken cancellationToken)
    {
        var (reason, text) = Type.Kind switch
        {
            "OCIRepository" => ("OCIArtifactPullFailed", $"failed to determine artifact digest: GET {Cells.Text(item, "spec.url")}: {why}"),
            "HelmChart" => ("ChartPullFailed", $"failed to get chart version for remote reference: {why}"),
            "Bucket" => ("BucketOperationFailed", $"failed to fetch Bucket: {why}"),
            _ => ("Failed", $"failed to fetch Helm repository index: {why}"),
        };
        status.Set(IsChart ? "BuildFailed" : "FetchFailed", "True", reason, text);
        status.Fail(reason, text);
        await WriteAsync(item, status, cancellationToken);
        Objects.Record(item, "Warning", reason, text);
    }

    private async Task StoreAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        var (revision, message) = Revision(item);
        var isNew = Cells.Text(status.Fields, "artifact.revision") != revision;
        if (isNew)
        {
            var ((space, name), digest) = (ObjectName.Of(item), Digest(revision));
            var path = string.Create(CultureInfo.InvariantCulture, $"{Type.Kind.ToLowerInvariant()}/{space}/{name}/{digest[7..]}.tar.gz");
            status.Fields["artifact"] = new JsonObject
            {
                ["digest"] = digest,
                ["lastUpdateTime"] = status.Now,
                ["path"] = path,
                ["revision"] = revision,
                ["size"] = 1024 + (revision.Length * 97),
                ["url"] = $"http://source-controller.flux-system.svc.cluster.local./{path}",
            };
        }

        if (IsChart)
        {
            status.Fields["observedChartName"] = Cells.Text(item, "spec.chart");
        }

        var reason = IsChart ? "ChartPullSucceeded" : "Succeeded";
        status.Remove("FetchFailed");
        status.Remove("BuildFailed");
        status.Set("ArtifactInStorage", "True", reason, message);
        status.Succeed(reason, message);
        await WriteAsync(item, status, cancellationToken);
        if (isNew)
        {
            Objects.Record(item, "Normal", IsChart ? reason : "NewArtifact", message);
        }
    }

    private (string Revision, string Message) Revision(JsonObject item)
    {
        if (IsChart)
        {
            // The newest version that a range allows is not known here; one that is exact is itself.
            var version = Cells.Text(item, "spec.version", "*") is var text && VersionRange.Parse(text) is not null ? text : "1.0.0";
            return (version, $"pulled '{Cells.Text(item, "spec.chart")}' chart with version '{version}'");
        }

        var digest = Digest(Cells.Text(item, "spec.url", Cells.Text(item, "spec.endpoint")) + item["spec"]?["ref"]?.ToJsonString());
        if (Type != Types.OciRepository)
        {
            return (digest, $"stored artifact: revision '{digest}'");
        }

        var revision = Cells.Text(item, "spec.ref.digest", $"{Cells.Text(item, "spec.ref.tag", Cells.Text(item, "spec.ref.semver", "latest"))}@{digest}");
        return (revision, $"stored artifact for digest '{revision}'");
    }

    private string? InvalidAddress(JsonObject item)
    {
        if (IsChart)
        {
            return null;
        }

        var (url, scheme) = (Type == Types.Bucket ? "https://" + Cells.Text(item, "spec.endpoint") : Cells.Text(item, "spec.url"), Type == Types.OciRepository ? "oci" : "https");
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == scheme || (scheme == "https" && address.Scheme == "http")) && address.Host.Length > 0
            ? null
            : $"URL validation failed for '{url}': the url scheme must be {scheme}";
    }

    private static string Digest(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
