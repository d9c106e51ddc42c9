using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The pods of movers: what the settings of a replication make of them, and where they have to run.</summary>
internal static class MoverPods
{
    private const string Hostname = "kubernetes.io/hostname";

    /// <summary>A container as all movers have it.</summary>
    public static JsonObject Container(MoverContext context, string name, IReadOnlyList<string> command, IReadOnlyList<string> arguments, IEnumerable<JsonObject> environment, params (string Volume, string Path)[] mounts)
    {
        var security = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            ["privileged"] = false,
            ["readOnlyRootFilesystem"] = true,
        };
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = context.Options.Image,
            ["command"] = Texts(context.Options.Command ?? command),
            ["env"] = new JsonArray([.. environment, Variable("PRIVILEGED_MOVER", context.IsPrivileged ? "1" : "0")]),
            ["securityContext"] = security,
            ["volumeMounts"] = new JsonArray([.. mounts.Select(mount => new JsonObject { ["name"] = mount.Volume, ["mountPath"] = mount.Path })]),
        };
        if (arguments.Count > 0 && context.Options.Command is null)
        {
            container["args"] = Texts(arguments);
        }

        if (context.IsPrivileged)
        {
            security["capabilities"]!["add"] = new JsonArray("DAC_OVERRIDE", "CHOWN", "FOWNER");
            security["runAsUser"] = 0;
        }

        if (context.Spec["moverResources"] is JsonObject resources)
        {
            container["resources"] = resources.DeepClone();
        }

        return container;
    }

    /// <summary>The template of a mover's pod.</summary>
    public static JsonObject Template(MoverContext context, string name, JsonObject labels, JsonObject container, string account, IEnumerable<JsonObject> volumes)
    {
        labels[VolSyncNames.CreatedBy] = "volsync";
        foreach (var (label, value) in context.Spec["moverPodLabels"] as JsonObject ?? [])
        {
            labels[label] = value?.DeepClone();
        }

        var spec = new JsonObject
        {
            ["containers"] = new JsonArray(container),
            ["serviceAccountName"] = account,
            ["volumes"] = new JsonArray([.. volumes]),
        };
        foreach (var (setting, field) in (ReadOnlySpan<(string, string)>)[("moverSecurityContext", "securityContext"), ("moverAffinity", "affinity")])
        {
            if (context.Spec[setting] is JsonObject value)
            {
                spec[field] = value.DeepClone();
            }
        }

        return new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels }, ["spec"] = spec };
    }

    /// <summary>Makes a pod run where the application does that uses the same volume, unless several nodes can.</summary>
    /// <exception cref="MoverException">That application has no node yet.</exception>
    public static void Bind(MoverContext context, JsonObject template, JsonObject claim)
    {
        var spec = template["spec"]!.AsObject();
        if ((At(claim, "status.accessModes") as JsonArray ?? []).Any(mode => (string?)mode == "ReadWriteMany") || User(context.Cluster, ObjectName.Of(claim)) is not { } pod)
        {
            spec["nodeSelector"] = null;
            return;
        }

        var node = Text(pod, "spec.nodeName");
        var found = context.Cluster.Nodes.Find("", node) ?? throw MoverException.NotFound("Node", node);
        var host = (string?)found["metadata"]?["labels"]?[Hostname] ?? throw new MoverException($"unable to find {Hostname} label from node {node} for nodeSelector");
        spec["nodeSelector"] = new JsonObject { [Hostname] = host };
        if (pod["spec"]?["tolerations"] is JsonArray { Count: > 0 } tolerations)
        {
            spec["tolerations"] = tolerations.DeepClone();
        }
    }

    /// <summary>A pod that is not VolSync's and uses a claim: one that runs, else one that waits.</summary>
    private static JsonObject? User(VolSyncInformers cluster, ObjectName claim)
    {
        var users = cluster.Users.Of(claim).Where(pod => !VolSyncNames.IsVolSyncs(pod)).ToArray();
        return Array.FindLast(users, pod => Text(pod, "status.phase") == "Running") ?? Array.Find(users, pod => Text(pod, "status.phase") == "Pending");
    }

    public static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    public static JsonObject SecretVariable(string name, string secret, bool isOptional = false) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = secret, ["key"] = name, ["optional"] = isOptional } },
    };

    public static JsonObject ClaimVolume(string name, string claim) => new() { ["name"] = name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } };

    public static JsonObject SecretVolume(string name, string secret, params JsonObject[] items)
    {
        var source = new JsonObject { ["secretName"] = secret, ["defaultMode"] = 384 };
        if (items.Length > 0)
        {
            source["items"] = new JsonArray([.. items]);
        }

        return new() { ["name"] = name, ["secret"] = source };
    }

    public static JsonObject MemoryVolume(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
