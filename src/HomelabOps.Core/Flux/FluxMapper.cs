using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>Makes records of Flux' objects.</summary>
internal static class FluxMapper
{
    // Kinds that no controller reports on: they are read by others, or (an OCI HelmRepository) used without an index.
    private static readonly HashSet<string> Static = new(["Alert", "Provider", "ExternalArtifact"], StringComparer.Ordinal);

    public static FluxResource Map(FluxWire wire, string kind, string cluster) => Common(
        wire switch
        {
            KustomizationWire kustomization => Kustomization(kustomization, cluster),
            HelmReleaseWire release => HelmRelease(release, cluster),
            SourceWire source => Source(source, kind, cluster),
            _ => new FluxResource(),
        },
        wire,
        kind,
        cluster);

    /// <summary>Makes a record of a whole object.</summary>
    public static FluxResource Map(JsonObject item, string cluster)
    {
        var (kind, json) = ((string?)item["kind"] ?? "", FluxWireContext.Default);
        FluxWire? wire = kind switch
        {
            FluxKind.Kustomization => item.Deserialize(json.KustomizationWire),
            FluxKind.HelmRelease => item.Deserialize(json.HelmReleaseWire),
            _ when FluxKind.Sources.Contains(kind) => item.Deserialize(json.SourceWire),
            _ => item.Deserialize(json.FluxOtherWire),
        };
        return Map(wire!, kind, cluster);
    }

    private static FluxResource Common(FluxResource record, FluxWire wire, string kind, string cluster)
    {
        var ready = wire.CommonStatus?.Conditions?.Find(condition => condition.Type == "Ready");
        var suspended = wire.CommonSpec?.Suspend == true;
        var isStatic = ready is null && (Static.Contains(kind) || wire is SourceWire { Spec.Type: "oci" });
        var status = isStatic ? ConditionStatus.True : WireMapping.Status(ready?.Status);
        record = record with
        {
            Cluster = cluster,
            Kind = kind,
            Namespace = wire.Metadata.Namespace ?? "",
            Name = wire.Metadata.Name,
            Ready = status,
            Suspended = suspended,
            Interval = GoDuration.Parse(wire.CommonSpec?.Interval),
            LastTransition = WireMapping.Local(ready?.LastTransitionTime),
            Age = WireMapping.Age(wire.Metadata.CreationTimestamp),
            Conditions = WireMapping.Conditions(wire.CommonStatus?.Conditions),
            Owner = FluxOwner.Of(wire.Metadata.Label, cluster),
            Suspension = suspended ? Suspensions.Read(wire.Metadata) : null,
        };
        var stale = suspended ? null : Staleness(record, wire, ready?.ObservedGeneration);
        var said = ready is { Status: "False", Message: { } words } ? Remediated(words, wire) : ready?.Message ?? (isStatic ? "is read by other objects and has no state of its own" : "the controller has not reported yet");
        record = record with
        {
            Stale = stale is not null,
            Reason = suspended ? "Suspended" : stale is not null ? "Stale" : ready?.Reason ?? (isStatic ? "Static" : "Unreported"),
            Message = suspended ? $"{Suspended(record.Suspension!)}; before that: {said}" : stale is not null ? $"{stale}; before that: {said}" : said,
        };
        return record with { Remedy = FluxRemedies.Of(record) };
    }

    // After a remediation Ready tells only how that went, and Released why it was needed.
    private static string Remediated(string said, FluxWire wire) =>
        wire is HelmReleaseWire && wire.CommonStatus?.Conditions?.Find(condition => condition is { Type: "Released" or "TestSuccess", Status: "False" })?.Message is { Length: > 0 } cause
            && !said.Contains(cause, StringComparison.Ordinal) ? $"{said}; because: {cause}" : said;

    private static string Suspended(FluxSuspension suspension) => suspension.ToString() is { Length: > 0 } known ? $"suspended {known}" : "suspended";

    // Only an old True can mislead: while a reconciliation fails the controller does not advance its generation either.
    private static string? Staleness(FluxResource record, FluxWire wire, long? conditionGeneration)
    {
        if (record.Ready != ConditionStatus.True)
        {
            return null;
        }

        if ((conditionGeneration ?? wire.CommonStatus?.ObservedGeneration) is { } observed and > 0 && observed < wire.Metadata.Generation)
        {
            return "the controller has not seen the newest change yet";
        }

        // Failing attempts are retried and seen within the interval, so three of them without any are silence.
        var silence = record.Interval is { } interval ? (interval * 3) + TimeSpan.FromMinutes(1) : TimeSpan.MaxValue;
        return record.LastReconciled is { } last && DateTime.Now - last > silence
            ? $"the controller has been silent for {Display.Since(last)}"
            : null;
    }

    private static FluxKustomization Kustomization(KustomizationWire wire, string cluster) => new()
    {
        Revision = wire.Status?.LastAppliedRevision,
        AttemptedRevision = wire.Status?.LastAttemptedRevision,
        Path = wire.Spec?.Path,
        Source = Reference(wire.Spec?.SourceRef, "GitRepository", wire, cluster),
        DependsOn = Dependencies(wire.Spec?.DependsOn, FluxKind.Kustomization, wire, cluster),
        LastReconciled = WireMapping.Local(wire.Status?.History is [var last, ..] ? last.LastReconciled : null),
        Inventory = wire.Status?.Inventory?.Entries is { } entries ? entries.ConvertAll(entry => FluxInventory.Parse(entry.Id ?? "").Reference(cluster)) : [],
        Prune = wire.Spec?.Prune == true,
        Wait = wire.Spec?.Wait == true,
        TargetNamespace = wire.Spec?.TargetNamespace,
    };

    private static FluxHelmRelease HelmRelease(HelmReleaseWire wire, string cluster)
    {
        var installed = wire.Status?.History is [var newest, ..] ? newest : null;
        var chart = wire.Spec?.Chart?.Spec;
        var target = wire.Spec?.TargetNamespace is { Length: > 0 } explicitTarget ? explicitTarget : wire.Metadata.Namespace ?? "";
        return new FluxHelmRelease
        {
            Revision = installed?.ChartVersion ?? wire.Status?.LastAppliedRevision,
            AttemptedRevision = wire.Status?.LastAttemptedRevision,
            Source = Reference(wire.Spec?.ChartRef ?? chart?.SourceRef, "HelmRepository", wire, cluster),
            DependsOn = Dependencies(wire.Spec?.DependsOn, FluxKind.HelmRelease, wire, cluster),
            Chart = chart?.Chart ?? installed?.ChartName ?? wire.Spec?.ChartRef?.Name,
            Version = installed?.ChartVersion ?? chart?.Version,
            ReleaseName = ReleaseName(wire),
            TargetNamespace = target,
        };
    }

    private static string ReleaseName(HelmReleaseWire wire)
    {
        var name = wire.Spec switch
        {
            { ReleaseName: { Length: > 0 } own } => own,

            // Flux puts the target namespace in front.
            { TargetNamespace: { Length: > 0 } space } => $"{space}-{wire.Metadata.Name}",
            _ => wire.Metadata.Name,
        };

        // Helm takes 53 characters. The controller keeps a longer name apart from its like by a part of its hash.
        return name.Length <= 53 ? name : $"{name[..40]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}";
    }

    private static FluxSource Source(SourceWire wire, string kind, string cluster)
    {
        var artifact = wire.Status?.Artifact;
        var spec = wire.Spec;
        var version = spec?.Ref;
        return new FluxSource
        {
            Revision = artifact?.Revision,
            Source = Reference(spec?.SourceRef, "HelmRepository", wire, cluster),
            Url = spec?.Url ?? spec?.Chart ?? (spec?.Endpoint is { } endpoint ? $"{endpoint}/{spec.BucketName}" : null),
            Branch = version?.Commit ?? version?.Digest ?? version?.Name ?? version?.Semver ?? version?.Tag ?? version?.Branch ?? spec?.Version,
            StaysAt = version is null || kind != FluxKind.GitRepository ? "" : StaysAt(version),
            Artifact = artifact?.Revision is { } revision
                ? new FluxArtifact { Revision = revision, Digest = artifact.Digest, Size = artifact.Size, Updated = WireMapping.Local(artifact.LastUpdateTime) }
                : null,
        };
    }

    // In the order in which the source-controller takes them. Of references only those of branches go on with what is pushed to them.
    private static string StaysAt(SourceVersionWire version) =>
        version.Commit ?? (version.Name is { } name ? name.StartsWith("refs/heads/", StringComparison.Ordinal) ? "" : name : version.Semver ?? version.Tag ?? "");

    private static ResourceReference? Reference(FluxReferenceWire? reference, string defaultKind, FluxWire owner, string cluster) => reference is null
        ? null
        : new ResourceReference(cluster, reference.Kind ?? defaultKind, reference.Namespace ?? owner.Metadata.Namespace ?? "", reference.Name);

    private static List<ResourceReference> Dependencies(List<FluxReferenceWire>? references, string kind, FluxWire owner, string cluster) =>
        references is null ? [] : references.ConvertAll(reference => Reference(reference, kind, owner, cluster)!);
}
