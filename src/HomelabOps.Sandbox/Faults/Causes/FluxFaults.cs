using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Faults of what Flux reads, builds and applies.</summary>
internal static class FluxFaults
{
    private static readonly WriteOptions Owner = new() { FieldManager = "flux-client-side-apply" };

    public static IEnumerable<FaultDefinition> All =>
    [
        Remote("GitAuthentication", "The Git host does not take the key any more: GitOperationFailed.", url => $"unable to clone '{url}': authentication required: Invalid username or token."),
        Remote("GitUnreachable", "The Git host does not answer: GitOperationFailed.", url => $"unable to list remote for '{url}': dial tcp: lookup git.{HomelabPlan.Domain}: i/o timeout"),
        GitSecretMissing,
        Commit("BuildError", FaultTargetKind.App, "A kustomization names a file that is not there: BuildFailed.", Targets.Apps, Listed),
        Commit("ImmutableField", FaultTargetKind.App, "A commit changes the selector of a Deployment, which the API server refuses: ReconciliationFailed.", Targets.Apps, Selector),
        Commit("ManifestDeleted", FaultTargetKind.App, "Somebody has deleted the manifest of the workload, and Flux prunes it.", Targets.Apps, Deleted),
        Commit("ManifestUnlisted", FaultTargetKind.App, "The manifest of the workload is there and its entry in the kustomization is not, so Flux prunes it.", Targets.Apps, Unlisted),
        Commit("DependencyNotReady", FaultTargetKind.Kustomization, "A Kustomization depends on one that does not exist: DependencyNotReady.", Targets.Kustomizations, Dependency),
        Commit("PathMissing", FaultTargetKind.Kustomization, "The path of a Kustomization is not in the repository: ArtifactFailed.", Targets.Kustomizations, Path),
        Suspended,
        HelmReleaseFailed,
    ];

    private static FaultDefinition GitSecretMissing => new(
        new("GitSecretMissing", FaultTargetKind.GitRepository, "The source names a Secret that is not there: AuthenticationFailed."),
        Targets.GitRepositories,
        async (scene, target, stop) =>
        {
            var name = Named(target);
            var former = Cells.At(await FindAsync(scene, Types.GitRepository, name, stop), "spec.secretRef")?.DeepClone();
            await SetAsync(scene, Types.GitRepository, name, "secretRef", new JsonObject { ["name"] = "git-credentials" }, stop);
            return new ActionEffect(HoldsAsync, async end =>
            {
                if (await HoldsAsync(end))
                {
                    await SetAsync(scene, Types.GitRepository, name, "secretRef", former?.DeepClone(), end);
                }
            });

            async Task<bool> HoldsAsync(CancellationToken cancellationToken) =>
                Cells.Text(await FindAsync(scene, Types.GitRepository, name, cancellationToken), "spec.secretRef.name") is { Length: > 0 } secret
                && await scene.Client.FindObjectAsync(Types.Secret, name.Namespace, secret, cancellationToken) is null;
        });

    private static FaultDefinition Suspended => new(
        new("SuspendedForgotten", FaultTargetKind.Kustomization, "A Kustomization is suspended, and nobody wrote down why: while Git goes on, it stays at its revision and says Ready as it did."),
        Targets.Kustomizations,
        async (scene, target, stop) =>
        {
            var name = Named(target);
            await SetAsync(scene, Types.Kustomization, name, "suspend", true, stop);
            var commit = await CommitEffect.MakeAsync(scene, "Note what is to be done", stop, FileEdit.Of("README.md", text => text + $"\nTo do: look at {name.Name} again.\n"));
            return new ActionEffect(HoldsAsync, async end =>
            {
                if (await HoldsAsync(end))
                {
                    await SetAsync(scene, Types.Kustomization, name, "suspend", null, end);
                }

                await commit.EndAsync(end);
            });

            async Task<bool> HoldsAsync(CancellationToken cancellationToken) =>
                (bool?)Cells.At(await FindAsync(scene, Types.Kustomization, name, cancellationToken), "spec.suspend") == true;
        });

    private static FaultDefinition HelmReleaseFailed => new(
        new("HelmReleaseFailed", FaultTargetKind.HelmRelease, "Helm cannot bring the release about: UpgradeFailed."),
        Targets.Releases,
        async (scene, target, stop) =>
        {
            scene.Flux.SetReleaseFailure(target, "cannot patch the release: context deadline exceeded");

            // Helm acts when something is new; so it is asked to.
            var request = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FluxController.RequestedAt] = scene.Clock.GetUtcNow().ToString("O") } } };
            request["metadata"]!["annotations"]!["reconcile.fluxcd.io/forceAt"] = request["metadata"]!["annotations"]![FluxController.RequestedAt]!.DeepClone();
            var name = Named(target);
            await scene.Client.PatchAsync(Types.HelmRelease, name.Namespace, name.Name, PatchKind.Merge, request, stop, Owner);
            return new SwitchEffect(() => scene.Flux.ReleaseFailure(target) is not null, () => scene.Flux.SetReleaseFailure(target, null));
        });

    private static FaultDefinition Remote(string name, string description, Func<string, string> words) => new(
        new(name, FaultTargetKind.GitRepository, description),
        Targets.GitRepositories,
        async (scene, target, stop) =>
        {
            var text = words(Cells.Text(await FindAsync(scene, Types.GitRepository, Named(target), stop), "spec.url"));
            scene.Flux.SetSourceFailure(target, text);
            return new SwitchEffect(() => scene.Flux.SourceFailure(target) == text, () =>
            {
                if (scene.Flux.SourceFailure(target) == text)
                {
                    scene.Flux.SetSourceFailure(target, null);
                }
            });
        });

    private static FaultDefinition Commit(string name, FaultTargetKind kind, string description, Func<HomelabPlan, IEnumerable<string>> targets, Func<FaultScene, string, (string Subject, FileEdit[] Edits)> commit) => new(
        new(name, kind, description),
        targets,
        (scene, target, stop) =>
        {
            var (subject, edits) = commit(scene, target);
            return CommitEffect.MakeAsync(scene, subject, stop, edits);
        });

    private static (string Subject, FileEdit[] Edits) Listed(FaultScene scene, string app) =>
        ($"Add the settings of {app}", [FileEdit.Of($"{Folder(scene, app)}/{Kustomizations.FileName}", text => ManifestText.InsertAfter(text, "- pvc.yaml", "- settings.yaml"))]);

    private static (string Subject, FileEdit[] Edits) Selector(FaultScene scene, string app)
    {
        var file = $"{Folder(scene, app)}/{AppManifests.WorkloadFile(scene.App(app))}";
        return ($"Label {app} anew",
        [
            FileEdit.Of(file, text => ManifestText.Set(text, "matchLabels:", "app", value => value + "-app")),
            FileEdit.Of(file, text => ManifestText.Set(text, "template:", "app", value => value + "-app")),
        ]);
    }

    private static (string Subject, FileEdit[] Edits) Deleted(FaultScene scene, string app)
    {
        var (folder, file) = (Folder(scene, app), AppManifests.WorkloadFile(scene.App(app)));
        return ($"Remove what is not needed of {app}", [FileEdit.Delete($"{folder}/{file}"), Entry(folder, file)]);
    }

    private static (string Subject, FileEdit[] Edits) Unlisted(FaultScene scene, string app) =>
        ($"Tidy up {app}", [Entry(Folder(scene, app), AppManifests.WorkloadFile(scene.App(app)))]);

    private static FileEdit Entry(string folder, string file) => FileEdit.Of($"{folder}/{Kustomizations.FileName}", text => ManifestText.Remove(text, $"- {file}"));

    private static (string Subject, FileEdit[] Edits) Dependency(FaultScene scene, string target) =>
        ($"Let {Named(target).Name} wait for the databases", [FileEdit.Of(FileOf(target), text => ManifestText.InsertAfter(text, "dependsOn:", "  - name: infrastructure-databases"))]);

    private static (string Subject, FileEdit[] Edits) Path(FaultScene scene, string target) =>
        ($"Move {Named(target).Name}", [FileEdit.Of(FileOf(target), text => ManifestText.Set(text, "spec:", "path", path => path + "-new"))]);

    private static string Folder(FaultScene scene, string app) => HomelabManifests.FolderOf(scene.App(app));

    // The applications' own is called otherwise than those of the infrastructure.
    private static string FileOf(string kustomization) => $"{HomelabManifests.Root}/cluster/{(Named(kustomization).Name is var name && name == "apps" ? "apps-kustomization" : name)}.yaml";

    private static ObjectName Named(string target) => target.Split('/') is [var space, var name] ? new(space, name) : new("", target);

    private static async Task<JsonObject> FindAsync(FaultScene scene, ResourceType type, ObjectName name, CancellationToken cancellationToken) =>
        await scene.Client.FindObjectAsync(type, name.Namespace, name.Name, cancellationToken) ?? [];

    private static Task<JsonObject> SetAsync(FaultScene scene, ResourceType type, ObjectName name, string field, JsonNode? value, CancellationToken cancellationToken) =>
        scene.Client.PatchAsync(type, name.Namespace, name.Name, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { [field] = value } }, cancellationToken, Owner);
}
