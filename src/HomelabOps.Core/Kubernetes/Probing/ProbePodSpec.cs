using System.Text.Json.Nodes;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>The manifest of a probe pod.</summary>
internal static class ProbePodSpec
{
    /// <summary>Where the node's root is seen.</summary>
    public const string HostRoot = "/host";

    /// <summary>The one container.</summary>
    public const string Container = "probe";

    /// <summary>Label that all probe pods of everybody have.</summary>
    public const string NameLabel = "app.kubernetes.io/name";

    /// <summary>Value of <see cref="NameLabel"/>.</summary>
    public const string NameValue = "homelabops-probe";

    /// <summary>Label that tells the pods of one run.</summary>
    public const string RunLabel = "homelabops.github.io/run";

    // What the kubelet adds to the time that the prober gives it: the pod outlives its prober by that, never more.
    private const int Grace = 10;
    private const int Nobody = 65534;

    /// <summary>Makes the manifest.</summary>
    /// <param name="name">Name of the pod.</param>
    /// <param name="run">The run that it is of.</param>
    /// <param name="node">The node, which is named outright: the scheduler would not place anything on a node in trouble.</param>
    /// <param name="image">The image.</param>
    /// <param name="command">What runs in it.</param>
    /// <param name="options">Namespace, time and access.</param>
    public static JsonObject Make(string name, string run, string node, string image, IReadOnlyList<string> command, ProbeOptions options)
    {
        var container = new JsonObject
        {
            ["name"] = Container,
            ["image"] = image,
            ["imagePullPolicy"] = "IfNotPresent",
            ["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "16Mi" } },
        };
        var spec = new JsonObject
        {
            ["nodeName"] = node,
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["restartPolicy"] = "Never",
            ["activeDeadlineSeconds"] = (int)Math.Ceiling(options.Timeout.TotalSeconds) + Grace,
            ["terminationGracePeriodSeconds"] = 1,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["containers"] = new JsonArray(container),
        };
        if (options.Pulling is { } access)
        {
            AddPulling(spec, container, access);
        }
        else
        {
            AddHost(spec, container, options.Writable);
        }

        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = options.Namespace,
                ["labels"] = new JsonObject { [NameLabel] = NameValue, ["app.kubernetes.io/managed-by"] = "homelabops", [RunLabel] = run },
            },
            ["spec"] = spec,
        };
    }

    private static void AddHost(JsonObject spec, JsonObject container, bool writable)
    {
        spec["hostPID"] = true;
        spec["volumes"] = new JsonArray(
            new JsonObject { ["name"] = "host", ["hostPath"] = new JsonObject { ["path"] = "/" } },
            new JsonObject { ["name"] = "scratch", ["emptyDir"] = new JsonObject() });
        container["workingDir"] = HostRoot;
        container["securityContext"] = Security(writable);
        container["volumeMounts"] = new JsonArray(HostMount(writable), new JsonObject { ["name"] = "scratch", ["mountPath"] = "/tmp" });
    }

    // Whether it runs does not matter, so it is one that the strictest Pod Security allows.
    private static void AddPulling(JsonObject spec, JsonObject container, ImageAccess access)
    {
        if (access.ServiceAccount.Length > 0)
        {
            spec["serviceAccountName"] = access.ServiceAccount;
        }

        if (access.Secrets.Count > 0)
        {
            spec["imagePullSecrets"] = new JsonArray([.. access.Secrets.Select(secret => new JsonObject { ["name"] = secret })]);
        }

        spec["securityContext"] = new JsonObject { ["runAsNonRoot"] = true, ["runAsUser"] = Nobody, ["runAsGroup"] = Nobody, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } };
        container["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["readOnlyRootFilesystem"] = true, ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") } };
    }

    // What is mounted below the root is read-only as well where the kubelet can do that (1.30); older ones drop the field.
    private static JsonObject HostMount(bool writable)
    {
        var mount = new JsonObject { ["name"] = "host", ["mountPath"] = HostRoot, ["readOnly"] = !writable };
        if (!writable)
        {
            mount["recursiveReadOnly"] = "IfPossible";
        }

        return mount;
    }

    // Of the rights of root only the one to read everything; where files are to be written, those that every container has.
    private static JsonObject Security(bool writable)
    {
        var security = new JsonObject { ["runAsUser"] = 0, ["runAsGroup"] = 0, ["privileged"] = false, ["allowPrivilegeEscalation"] = false, ["readOnlyRootFilesystem"] = true };
        if (!writable)
        {
            security["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL"), ["add"] = new JsonArray("DAC_READ_SEARCH") };
        }

        return security;
    }
}
