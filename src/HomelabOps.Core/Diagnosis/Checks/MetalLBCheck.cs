using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>A webhook that does not work, as Test-MetalLBWebhook explains it, and Services that get no address.</summary>
internal sealed class MetalLBCheck : IHomelabCheck
{
    private const string Controller = "controller";

    // Its pods say why it does not answer; everything else is its own.
    private static readonly string[] Unanswered = ["ControllerNotReady", "NoEndpoints", "DryRunRefused"];

    // A controller that has just started fills its Secret, and tells the server of its authority, in a moment.
    private static readonly string[] Filled = ["KeysMissing", "CaNotInjected", "CaMismatch", "ControllerNotReady", "NoEndpoints", "DryRunRefused"];
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>What explains a fault of MetalLB's own pods: its webhook cannot do without its certificate.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, ResourceReference subject) =>
        subject.Namespace == snapshot.Config.MetalLBNamespace && subject.Name.EndsWith(Controller, StringComparison.Ordinal) ? [new(Webhook(snapshot))] : [];

    /// <summary>What explains that Flux cannot apply pools: the API server asks the webhook first.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, FluxResource resource) =>
        resource.Message.Contains("failed calling webhook", StringComparison.Ordinal) && resource.Message.Contains("metallb", StringComparison.OrdinalIgnoreCase) ? [new(Webhook(snapshot)), .. Deployments(snapshot)] : [];

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        if (snapshot.Webhook is { Healthy: false } webhook)
        {
            yield return OfWebhook(snapshot, webhook);
        }

        foreach (var service in (snapshot.Services ?? []).Where(service => AddressRefusal.IsPending(service) && snapshot.Now - service.Metadata.CreationTimestamp > Window))
        {
            yield return OfPending(snapshot, service);
        }
    }

    private static Symptom OfPending(HomelabSnapshot snapshot, ServiceWire service)
    {
        var target = snapshot.Reference("Service", service.Metadata.Namespace ?? "", service.Metadata.Name);
        var isOthers = AddressRefusal.IsOthers(service);
        var symptom = Symptom.Of(isOthers ? HomelabArea.Network : HomelabArea.MetalLB, isOthers ? FindingSeverity.Warning : FindingSeverity.Error, "NoAddress", target) with { Apps = [(target.Namespace, target.Name)] };
        if (AddressRefusal.Of(snapshot, service) is not { } refusal)
        {
            return symptom with { Causes = [.. Deployments(snapshot), .. AddressPoolCheck.CausesOf(snapshot, service)] };
        }

        // What it asks for and cannot have is its own fault, whatever else there may be.
        object?[] words = [target, .. refusal.Words];
        symptom = symptom with { Finding = symptom.Finding with { Message = Errors.Text($"Diagnosis_NoAddress_{refusal.Variant}", words), Remedy = Errors.Text($"Diagnosis_NoAddressRemedy_{refusal.Variant}", words) } };
        return (refusal.Variant == AddressRefusal.Said ? symptom with { Causes = [.. Deployments(snapshot), .. AddressPoolCheck.CausesOf(snapshot, service)] } : symptom).With(isOthers ? "" : AddressRefusal.Event(snapshot, service));
    }

    private static Symptom OfWebhook(HomelabSnapshot snapshot, MetalLBWebhookStatus webhook) => new(new HomelabFinding
    {
        Cluster = snapshot.Cluster,
        Area = HomelabArea.MetalLB,
        Severity = webhook.Reason == "ExpiresSoon" ? FindingSeverity.Warning : FindingSeverity.Error,
        Reason = webhook.Reason.StartsWith("Webhook", StringComparison.Ordinal) ? webhook.Reason : "Webhook" + webhook.Reason,
        Message = webhook.Message,
        Target = webhook.Reference,
        Remedy = InGit(snapshot, webhook) ?? webhook.Remedy,
        Repair = SecretOwner.Renewed.Contains(webhook.Reason) && !SecretOwner.IsOwned(snapshot.WebhookSecret, Applier(snapshot, webhook.Namespace)) ? new() { Kind = HomelabRepairKind.RenewWebhookCert, Target = webhook.Reference } : null,
        Choices = webhook.Choices,
    })
    {
        Key = Webhook(snapshot),
        IsPassing = webhook.Rotation && Filled.Contains(webhook.Reason) && (snapshot.Pods ?? []).Any(pod => pod.Reference.Namespace == webhook.Namespace && snapshot.Now - pod.Wire.Metadata.CreationTimestamp < Start),
        Causes = Unanswered.Contains(webhook.Reason) ? [.. Deployments(snapshot)] : [],
    };

    // By its labels, and for one that was made again by hand, by the lists of what Flux has applied.
    private static ResourceReference? Applier(HomelabSnapshot snapshot, string space) => snapshot.WebhookSecret is { } secret
        ? FluxOwner.Of(secret.Labels.GetValueOrDefault, snapshot.Cluster) ?? Listing(snapshot, snapshot.Reference("Secret", space, secret.Name))?.Reference
        : null;

    // What helps where Git has what is wrong or missing; null where it does not.
    private static string? InGit(HomelabSnapshot snapshot, MetalLBWebhookStatus webhook)
    {
        if (webhook.Reason == "ServiceMissing")
        {
            var owner = (snapshot.Flux ?? []).OfType<FluxKustomization>().FirstOrDefault(item => item.Inventory.Any(IsMissing));
            return owner is null ? null : Errors.Text("MetalLBRemedy_ServiceMissing_InGit", owner.Inventory.First(IsMissing).Name, owner.Reference);
        }

        return SecretOwner.Remedy(webhook.Reason, snapshot.WebhookSecret, Applier(snapshot, webhook.Namespace));

        bool IsMissing(ResourceReference item) => item.Kind == "Service" && item.Namespace == webhook.Namespace && webhook.Message.Contains($"'{item.Name}'", StringComparison.Ordinal);
    }

    private static FluxKustomization? Listing(HomelabSnapshot snapshot, ResourceReference item) => (snapshot.Flux ?? []).OfType<FluxKustomization>().FirstOrDefault(kustomization => kustomization.Inventory.Contains(item));

    private static ResourceReference Webhook(HomelabSnapshot snapshot) => snapshot.Reference("Webhook", snapshot.Config.MetalLBNamespace, "metallb");

    private static IEnumerable<Cause> Deployments(HomelabSnapshot snapshot) => (snapshot.Workloads ?? [])
        .Where(workload => workload.Reference.Namespace == snapshot.Config.MetalLBNamespace)
        .Select(workload => new Cause(workload.Reference));
}
