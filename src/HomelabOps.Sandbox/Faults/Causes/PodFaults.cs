using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Commits after which the pods of an application do not come up.</summary>
internal static class PodFaults
{
    // A host that nobody has: what its registry says is up to the fault.
    private const string Registry = "registry." + HomelabPlan.Domain;

    public static IEnumerable<FaultDefinition> All =>
    [
        Of("CrashLoop", "The container is given a command that ends with code 1: CrashLoopBackOff.", text => ManifestText.InsertAfter(text, "image:", "command: [\"sh\", \"-c\", \"echo 'fatal: the configuration is malformed' >&2; exit 1\"]")),
        Of("OutOfMemory", "The container may use less memory than it needs: OOMKilled, code 137, then CrashLoopBackOff.", text => SetMemory(text, "requests:"), text => SetMemory(text, "limits:")),
        Image("ImageNotFound", "The manifest names a tag that the registry does not have: ErrImagePull, ImagePullBackOff.", ImageFault.NotFound, image => image + "-missing"),
        Image("ImageUnauthorized", "The manifest names an image of a registry that wants to know who asks: ErrImagePull, ImagePullBackOff.", ImageFault.Unauthorized, image => Moved(image, "private")),
        Image("ImageRegistryUnreachable", "The manifest names an image of a registry that does not answer: ErrImagePull, ImagePullBackOff.", ImageFault.Unreachable, image => Moved(image, "mirror")),
        Image("ImageRateLimited", "The registry has had too many requests: ErrImagePull, ImagePullBackOff.", ImageFault.RateLimited, image => Moved(image, "cache")),
        Of("ConfigMapMissing", "The container takes its variables from a ConfigMap that is not there: CreateContainerConfigError.", app => text => ManifestText.InsertAfter(text, "image:", $"envFrom:\n  - configMapRef:\n      name: {app.Name}-settings")),
        Of("SecretMissing", "The container takes its variables from a Secret that is not there: CreateContainerConfigError.", app => text => ManifestText.InsertAfter(text, "image:", $"envFrom:\n  - secretRef:\n      name: {app.Name}-api")),
        Key("ConfigMapKeyMissing", "ConfigMap", "configMapKeyRef", "data:\n  LOG_LEVEL: info\n"),
        Key("SecretKeyMissing", "Secret", "secretKeyRef", "stringData:\n  API_USER: homelab\n"),
        Of("ProbeFailure", "The liveness probe asks a port on which nobody listens: the container is killed and started anew, again and again.", text => ManifestText.Set(text, "livenessProbe:", "port", _ => "9")),
        Of("HealthCheckFailed", "The readiness probe asks a port on which nobody listens: the pod runs and never becomes ready, and Flux' health check of it fails.", text => ManifestText.Set(text, "readinessProbe:", "port", _ => "9")),
        Of("PodUnschedulable", "The pod asks for a node with a label that none has: Pending, FailedScheduling.", text => ManifestText.Set(text, "nodeSelector:", Roles.Label, _ => "tertiary")),
    ];

    private static string SetMemory(string text, string section) => ManifestText.Set(text, section, "memory", _ => "16Mi");

    private static string Moved(string image, string folder) => $"{Registry}/{folder}/{image[(image.LastIndexOf('/') + 1)..]}";

    private static FaultDefinition Of(string name, string description, params Func<string, string>[] changes) => new(
        new(name, FaultTargetKind.App, description),
        Targets.Apps,
        (scene, target, stop) => CommitEffect.MakeAsync(scene, Subject(name, target), stop, [.. changes.Select(change => FileEdit.Of(FileOf(scene.App(target)), change))]));

    private static FaultDefinition Of(string name, string description, Func<PlannedApp, Func<string, string>> change) => new(
        new(name, FaultTargetKind.App, description),
        Targets.Apps,
        (scene, target, stop) => CommitEffect.MakeAsync(scene, Subject(name, target), stop, FileEdit.Of(FileOf(scene.App(target)), change(scene.App(target)))));

    private static FaultDefinition Image(string name, string description, ImageFault fault, Func<string, string> change) => new(
        new(name, FaultTargetKind.App, description),
        Targets.Apps,
        async (scene, target, stop) =>
        {
            var image = "";
            var commit = await CommitEffect.MakeAsync(scene, Subject(name, target), stop, FileEdit.Of(FileOf(scene.App(target)), text => ManifestText.Set(text, "", "image", old =>
            {
                image = change(old);
                scene.Nodes.Withhold(image, fault);
                return image;
            })));
            return new ActionEffect(commit.HoldsAsync, async end =>
            {
                await commit.EndAsync(end);
                scene.Nodes.Registry.Set(image, ImageFault.None);
            });
        });

    // The object is there, without the key.
    private static FaultDefinition Key(string name, string kind, string field, string data) => new(
        new(name, FaultTargetKind.App, $"The container takes a variable from a {kind} that does not have that key: CreateContainerConfigError."),
        Targets.Apps,
        (scene, target, stop) =>
        {
            var (app, file) = (scene.App(target), kind == "Secret" ? "api" : "settings");
            var folder = HomelabManifests.FolderOf(app);
            var manifest = $"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {app.Name}-{file}\n  namespace: {app.Category}\n{data}";
            return CommitEffect.MakeAsync(
                scene,
                Subject(name, target),
                stop,
                FileEdit.Add($"{folder}/{file}.yaml", manifest),
                FileEdit.Of($"{folder}/{Kustomizations.FileName}", text => ManifestText.InsertAfter(text, "- pvc.yaml", $"- {file}.yaml")),
                FileEdit.Of(FileOf(app), text => ManifestText.InsertAfter(text, "env:", $"  - name: API_KEY\n    valueFrom:\n      {field}:\n        name: {app.Name}-{file}\n        key: API_KEY")));
        });

    private static string FileOf(PlannedApp app) => $"{HomelabManifests.FolderOf(app)}/{AppManifests.WorkloadFile(app)}";

    // As owners write them: nothing of the fault is in it.
    private static string Subject(string name, string app) => name switch
    {
        "CrashLoop" => $"Start {app} with a command of its own",
        "OutOfMemory" => $"Give {app} less memory",
        "ProbeFailure" or "HealthCheckFailed" => $"Change the probes of {app}",
        "PodUnschedulable" => $"Move {app}",
        _ when name.StartsWith("Image", StringComparison.Ordinal) => $"Update {app}",
        _ => $"Configure {app}",
    };
}
