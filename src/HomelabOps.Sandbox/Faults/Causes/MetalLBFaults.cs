using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Faults of the Secret that MetalLB's webhook has its certificate in.</summary>
internal static class MetalLBFaults
{
    private const string Namespace = "metallb-system";
    private const string Secret = "metallb-webhook-cert";
    private const string FormerSecret = "webhook-server-cert";
    private const string Host = "metallb-webhook-service.metallb-system.svc";
    private const string Folder = HomelabManifests.Root + "/infrastructure/metallb";
    private const string Manager = "homelab-owner";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ObjectName Kustomization = new("flux-system", "infrastructure-metallb");

    public static IEnumerable<FaultDefinition> All => [Missing, Renamed, Expired];

    private static FaultDefinition Missing => new(
        new("MetalLBSecretMissing", FaultTargetKind.Homelab, "The manifest of the Secret is gone, and the controller was started anew: ContainerCreating, FailedMount."),
        Targets.Homelab,
        async (scene, _, stop) =>
        {
            var commit = await CommitEffect.MakeAsync(scene, "Keep no Secret in Git", stop, FileEdit.Of($"{Folder}/webhook.yaml", WithoutSecret));
            await StartAnewAsync(scene, stop);
            return new ActionEffect(async ask => await commit.HoldsAsync(ask) && await SecretAsync(scene, ask) is null, commit.EndAsync);
        });

    private static FaultDefinition Renamed => new(
        new("MetalLBSecretRenamed", FaultTargetKind.Homelab, "Manifests and controller call the Secret by different names: the new controller ends with: secret not found."),
        Targets.Homelab,
        async (scene, _, stop) =>
        {
            var commit = await CommitEffect.MakeAsync(
                scene,
                "Name the Secret of the webhook as the documentation does",
                stop,
                FileEdit.Of($"{Folder}/webhook.yaml", text => ManifestText.Set(text, "kind: Secret", "name", _ => FormerSecret)),
                FileEdit.Of($"{Folder}/controller.yaml", text => ManifestText.Set(text, "volumes:", "secretName", _ => FormerSecret)));

            // The new controller may have come up before Flux took the former Secret away.
            await StartAnewAsync(scene, stop);
            return new ActionEffect(async ask => await commit.HoldsAsync(ask) && await SecretAsync(scene, ask) is null, commit.EndAsync);
        });

    private static FaultDefinition Expired => new(
        new("MetalLBCertificateExpired", FaultTargetKind.Homelab, "The rotation of the certificate is switched off, and the certificate has expired."),
        Targets.Homelab,
        async (scene, _, stop) =>
        {
            var commit = await CommitEffect.MakeAsync(
                scene,
                "Let nobody rotate the certificate of the webhook",
                stop,
                FileEdit.Of($"{Folder}/controller.yaml", text => ManifestText.InsertAfter(text, "- --webhook-mode=enabled", "- --disable-cert-rotation=true")));

            // With the rotation on, the controller would make a new one at once.
            await UntilAsync(() => Task.FromResult(scene.Host.Informer(Types.Deployment).Find(Namespace, "controller") is { } deployment
                && MetalLBSettings.Of(deployment["spec"]?["template"]?["spec"])?.IsRotationDisabled == true), stop);
            var now = scene.Clock.GetUtcNow();
            var data = WebhookCertificates.New(Host, now.AddYears(-1), now.AddDays(-3));
            var certificate = (string)data["tls.crt"]!;
            await scene.Client.PatchAsync(Types.Secret, Namespace, Secret, PatchKind.Merge, new JsonObject { ["data"] = data }, stop, new WriteOptions { FieldManager = "MetalLB" });
            return new ActionEffect(
                async ask => await commit.HoldsAsync(ask) && Cells.At(await SecretAsync(scene, ask), "data") is JsonObject present && (string?)present["tls.crt"] == certificate,
                commit.EndAsync);
        });

    private static Task<JsonObject?> SecretAsync(FaultScene scene, CancellationToken cancellationToken) => scene.Client.FindObjectAsync(Types.Secret, Namespace, Secret, cancellationToken);

    // The controller that runs has the Secret mounted, and does not mind until it is started anew.
    private static async Task StartAnewAsync(FaultScene scene, CancellationToken cancellationToken)
    {
        await UntilGoneAsync(scene, cancellationToken);
        foreach (var pod in scene.Host.Informer(ResourceType.Pod).In(Namespace).Where(MetalLBSettings.IsController))
        {
            await new ObjectClient(scene.Host, Manager).DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken);
        }
    }

    // One that was made by hand Flux leaves there, so its owner takes it away; and an attempt at a former commit would bring it back.
    private static Task UntilGoneAsync(FaultScene scene, CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            if (scene.Host.Informer(Types.Secret).Find(Namespace, Secret) is not { } secret)
            {
                return Cells.Text(scene.Host.Informer(Types.Kustomization).Find(Kustomization), "status.lastAttemptedRevision").EndsWith(scene.Repository.Tip(), StringComparison.Ordinal);
            }

            if (FluxOwner.Of(secret, scene.Client.Name) is null)
            {
                await new ObjectClient(scene.Host, Manager).DeleteAsync(Types.Secret, ObjectName.Of(secret), cancellationToken);
            }

            return false;
        },
        cancellationToken);

    // Flux has to have applied the commit first; where it does not, because it is suspended, the fault comes when it does.
    private static async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!await holds() && TimeProvider.System.GetElapsedTime(end) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static string WithoutSecret(string text)
    {
        var documents = text.Split("---\n");
        var kept = documents.Where(document => !document.Contains("kind: Secret\n", StringComparison.Ordinal)).ToArray();
        return kept.Length < documents.Length ? string.Join("---\n", kept) : throw new FaultNotPossibleException("The manifest has no Secret.");
    }
}
