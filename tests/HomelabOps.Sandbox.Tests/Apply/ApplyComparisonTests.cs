using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Apply;

namespace HomelabOps.Sandbox.Tests.Apply;

/// <summary>The same sequences of changes by a real API server and by ours: objects, owners and conflicts must be the same.</summary>
public sealed class ApplyComparisonTests : IDisposable
{
    private const string Time = "2026-01-02T03:04:05Z";

    private readonly LabNamespace _lab = new();
    private readonly LabApi _api = new();

    [Fact]
    public void A_ConfigMap_goes_through_the_same_hands() => Run(
        $"/api/v1/namespaces/{_lab.Name}/configmaps/m",
        [
            Apply("one", """{"metadata":{"labels":{"x":"1"}},"data":{"a":"1","b":"1"}}"""),
            Apply("two", """{"data":{"a":"2"}}"""),
            Apply("two", """{"data":{"a":"1","c":"1"}}"""),
            Apply("two", """{"metadata":{"labels":{"x":"2"}},"data":{"a":"2","c":"1"}}"""),
            Apply("two", """{"data":{"a":"2","c":"1"}}""", force: true),
            Apply("one", """{"data":{"b":"1"}}"""),
            Apply("one", """{"data":{"b":"1","d":"1"}}"""),
            Update("curl", """{"data":{"d":"7","e":"1"}}"""),
            Apply("one", """{"data":{"b":"1"}}"""),
            Apply("one", """{"data":{"d":"1"}}"""),
            Apply("one", """{"data":{"d":"1"}}""", force: true),
            Update("curl", """{"metadata":{"labels":{"q":"1"},"annotations":{"n":"1"}},"data":{"c":null}}"""),
            Apply("two", "{}"),

            // An owner of a kind that nobody serves: for one that is merely gone the garbage collector would delete the object meanwhile.
            Apply("one", """{"metadata":{"finalizers":["a.b/c","a.b/d"],"ownerReferences":[{"apiVersion":"nobody.example/v1","kind":"Nothing","name":"x","uid":"1"}]}}"""),
            Apply("one", """{"metadata":{"finalizers":["a.b/e","a.b/d"]}}"""),
            Update("fin", """{"metadata":{"finalizers":["a.b/d","a.b/z"]}}"""),
            Apply("one", "{}"),
            Update("fin", """{"metadata":{"finalizers":null}}"""),
            Update("strip", """{"metadata":{"managedFields":[{}]}}"""),
            Update("late", """{"data":{"late":"1"}}"""),
            Apply("three", """{"data":{"late":"2"}}"""),
            Apply("three", """{"data":{"late":"2"}}""", force: true),
            Update("strip", """{"metadata":{"managedFields":[]}}"""),
            Apply("three", """{"apiVersion":"v2"}"""),
            Apply("three", """{"metadata":{"managedFields":[]}}"""),
        ]);

    [Fact]
    public void The_containers_of_a_PodTemplate_go_through_the_same_hands() => Run(
        $"/api/v1/namespaces/{_lab.Name}/podtemplates/m",
        [
            Update("creator", """{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a:1","env":[{"name":"X","value":"1"}],"ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{"limits":{"cpu":"1"}}}]}}}"""),
            Apply("one", Pod("""{"containers":[{"name":"a","image":"a:1","env":[{"name":"X","value":"1"},{"name":"Y","value":"1"}],"ports":[{"containerPort":80}]}]}""")),
            Apply("two", Pod("""{"containers":[{"name":"b","image":"b:1"},{"name":"a","image":"a:1"}],"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}""")),
            Apply("one", Pod("""{"containers":[{"name":"b","image":"b:1"}]}""")),
            Apply("one", Pod("""{"containers":[{"name":"n","image":"n:1"},{"name":"b","image":"b:1"}]}""")),
            Apply("one", Pod("""{"containers":[{"name":"b","image":"b:2","command":["x"]}]}""")),
            Apply("one", Pod("""{"containers":[{"name":"b","image":"b:2","command":["x"]}]}"""), force: true),
            // 1.20 gives a manager who owns a list but none of its elements those of another one. So this one keeps an element.
            Update("edit", Pod("""{"containers":[{"name":"a","image":"a:2","env":[{"name":"X","value":"1"},{"name":"Q"}]},{"name":"b","image":"b:2","args":["z"]}],"tolerations":[{"key":"k","operator":"Exists"}]}""")),
            Apply("two", Pod("""{"containers":[{"name":"b","image":"b:2"}],"dnsConfig":{"nameservers":["1.1.1.1"]}}""")),
            Apply("two", Pod("""{"containers":[{"name":"a","image":"a:3"}],"tolerations":[{"key":"other","operator":"Exists"}]}""")),
            Apply("two", Pod("""{"containers":[{"name":"a"}],"imagePullSecrets":[{}]}""")),
            Apply("two", Pod("""{"containers":[{"name":"a"},{"name":"a"}]}""")),
            Apply("two", Pod("""{"containers":[{"name":"a"}],"topologySpreadConstraints":[{"topologyKey":"zone","maxSkew":1,"whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"a":"b"}}}]}""")),
        ]);

    [Fact]
    public void A_Service_goes_through_the_same_hands() => Run(
        $"/api/v1/namespaces/{_lab.Name}/services/m",
        [
            Update("creator", """{"spec":{"selector":{"a":"b"},"ports":[{"port":80,"name":"a","protocol":"TCP"}]}}"""),
            Apply("one", """{"spec":{"selector":{"a":"b"},"ports":[{"port":80,"name":"a","protocol":"TCP"},{"port":81,"name":"b","protocol":"TCP","targetPort":99}]}}"""),
            Apply("two", """{"spec":{"ports":[{"port":81,"name":"c","protocol":"TCP"}]}}"""),
            Apply("two", """{"spec":{"ports":[{"port":82,"name":"c","protocol":"TCP"}]}}"""),
            Update("edit", """{"spec":{"selector":{"c":"d"}}}"""),
            Apply("one", """{"spec":{"ports":[{"port":80,"name":"a","protocol":"TCP"}]}}"""),
        ]);

    [Fact]
    public void A_custom_resource_goes_through_the_same_hands() => Run(
        $"{_lab.Kustomizations}/m",
        [
            Apply("flux", """{"spec":{"interval":"1m","path":"./x","prune":false,"sourceRef":{"kind":"GitRepository","name":"x"},"dependsOn":[{"name":"a"}],"postBuild":{"substitute":{"a":"b"}}}}"""),
            Apply("two", """{"spec":{"interval":"2m","path":"./x","prune":false,"sourceRef":{"kind":"GitRepository","name":"x"}}}"""),
            Apply("two", """{"spec":{"interval":"2m","path":"./x","prune":false,"sourceRef":{"kind":"GitRepository","name":"x"}}}""", force: true),
            Update("edit", """{"spec":{"suspend":true,"postBuild":{"substitute":{"c":"d"}},"dependsOn":[{"name":"b"}]}}"""),

            // 1.20 makes an object null, and refuses itself, where a manager drops the last of what it owns there and the schema is open.
            Apply("flux", """{"spec":{"interval":"2m","path":"./x","prune":false,"sourceRef":{"kind":"GitRepository","name":"x"},"postBuild":{"substitute":{"x":"y"}}}}"""),
        ]);

    // What the server fills in after it has kept account is no field of the creator's.
    [Theory]
    [InlineData("apps/v1", "deployments", """{"kind":"Deployment","spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a:1","volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","emptyDir":{}}]}}}}""")]
    [InlineData("apps/v1", "statefulsets", """{"kind":"StatefulSet","spec":{"serviceName":"x","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a:1"}]}}}}""", "status")]
    [InlineData("apps/v1", "daemonsets", """{"kind":"DaemonSet","spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"a:1"}]}}}}""", "status")]
    [InlineData("batch/v1", "jobs", """{"kind":"Job","spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]}}}}""", "metadata/labels", "spec/selector", "spec/template/metadata/labels")]
    [InlineData("batch/v1beta1", "cronjobs", """{"kind":"CronJob","spec":{"schedule":"1 1 1 1 1","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]}}}}}}""")]
    [InlineData("v1", "persistentvolumeclaims", """{"kind":"PersistentVolumeClaim","spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"selector":{"matchLabels":{"a":"b"}}}}""", "metadata/finalizers")]
    [InlineData("v1", "persistentvolumes", """{"kind":"PersistentVolume","spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"claimRef":{"name":"a","namespace":"b"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]}}}}""", "metadata/finalizers")]
    [InlineData("v1", "services", """{"kind":"Service","spec":{"ports":[{"port":80}],"selector":{"a":"b"}}}""", "spec/clusterIP", "spec/clusterIPs")]
    [InlineData("v1", "pods", """{"kind":"Pod","spec":{"nodeName":"none","containers":[{"name":"a","image":"a:1"}],"serviceAccountName":"default","automountServiceAccountToken":false}}""", "spec/tolerations", "spec/priority", "spec/preemptionPolicy", "status")]
    [InlineData("v1", "serviceaccounts", """{"kind":"ServiceAccount","secrets":[{"name":"x"}],"imagePullSecrets":[{"name":"y"}]}""")]
    [InlineData("v1", "endpoints", """{"kind":"Endpoints","subsets":[{"addresses":[{"ip":"1.2.3.4"}],"ports":[{"port":80}]}]}""")]
    [InlineData("networking.k8s.io/v1", "networkpolicies", """{"kind":"NetworkPolicy","spec":{"podSelector":{},"ingress":[{}]}}""")]
    [InlineData("networking.k8s.io/v1", "ingresses", """{"kind":"Ingress","spec":{"defaultBackend":{"service":{"name":"x","port":{"number":80}}}}}""")]
    [InlineData("rbac.authorization.k8s.io/v1", "rolebindings", """{"kind":"RoleBinding","roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"x"},"subjects":[{"kind":"User","name":"x","apiGroup":"rbac.authorization.k8s.io"}]}""")]
    [InlineData("rbac.authorization.k8s.io/v1", "roles", """{"kind":"Role","rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""")]
    [InlineData("policy/v1beta1", "poddisruptionbudgets", """{"kind":"PodDisruptionBudget","spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}""", "status")]
    [InlineData("autoscaling/v1", "horizontalpodautoscalers", """{"kind":"HorizontalPodAutoscaler","spec":{"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"x"}}}""", "status")]
    [InlineData("storage.k8s.io/v1", "storageclasses", """{"kind":"StorageClass","provisioner":"x"}""")]
    [InlineData("coordination.k8s.io/v1", "leases", """{"kind":"Lease","spec":{"holderIdentity":"x"}}""")]
    public void A_creator_owns_what_the_server_says(string apiVersion, string plural, string json, params string[] later)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        node["apiVersion"] = apiVersion;
        node["metadata"] = new JsonObject { ["name"] = "m", ["annotations"] = new JsonObject { ["a"] = "b" } };
        var scope = plural is "persistentvolumes" or "storageclasses" ? "" : $"/namespaces/{_lab.Name}";
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? "apis" : "api";
        var created = _api.Send(HttpMethod.Post, $"/{root}/{apiVersion}{scope}/{plural}?dryRun=All&fieldManager=creator", node.ToJsonString());

        var ours = (JsonObject)created.DeepClone();
        foreach (var path in later.Append("metadata/managedFields").Select(path => path.Split('/')))
        {
            var parent = path[..^1].Aggregate((JsonNode?)ours, (inner, name) => inner?[name]) as JsonObject;
            parent?.Remove(path[^1]);
        }

        ServerSideApply.Track(null, ours, BuiltInSchemas.Require(apiVersion, (string)node["kind"]!), new ManagerIdentity("creator", IsApply: false, apiVersion), Time);
        AssertSameOwners(created, ours, "create");
    }

    public void Dispose()
    {
        _api.Call(HttpMethod.Patch, $"/api/v1/namespaces/{_lab.Name}/configmaps/m", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        _lab.Dispose();
        _api.Dispose();
    }

    private static string Pod(string spec) => $$"""{"template":{"spec":{{spec}} } }""";

    private static Step Apply(string manager, string json, bool force = false) => new(manager, IsApply: true, json, force);

    private static Step Update(string manager, string json) => new(manager, IsApply: false, json, Force: false);

    private void Run(string path, Step[] steps)
    {
        var (apiVersion, kind, type, schema) = Type(path);
        foreach (var step in steps)
        {
            var patch = JsonNode.Parse(step.Json)!.AsObject();
            if (step.IsApply)
            {
                patch["apiVersion"] ??= apiVersion;
                patch["kind"] = kind;
                patch["metadata"] ??= new JsonObject();
                patch["metadata"]!["name"] = "m";
            }

            var (found, live) = _api.Call(HttpMethod.Get, path);
            var manager = new ManagerIdentity(step.Manager, step.IsApply, apiVersion);
            if (step.IsApply)
            {
                CompareApply(path, found == 200 ? live : null, patch, (type, schema), manager, step);
            }
            else
            {
                CompareUpdate(path, found == 200 ? live : null, patch, schema, manager, (apiVersion, kind));
            }
        }
    }

    private void CompareApply(string path, JsonObject? live, JsonObject applied, (Schema Type, PatchSchema Patch) schema, ManagerIdentity manager, Step step)
    {
        var force = step.Force ? "true" : "false";
        var (status, theirs) = _api.Call(HttpMethod.Patch, $"{path}?fieldManager={manager.Name}&force={force}", applied.ToJsonString(), "application/apply-patch+yaml");
        JsonObject ours;
        try
        {
            TypedPatch.Checked(applied, schema.Type, schema.Patch);
            ours = ServerSideApply.Apply(live, applied, schema.Patch, manager, hasStatus: false, step.Force, Time);
        }
        catch (ApplyException refused)
        {
            // Since 1.23 it is said what the patch is of.
            Assert.Equal((status, (string)theirs["message"]!), (refused.Status, refused.Message.Replace($" (/m; {(manager.ApiVersion == "v1" ? "/" : "")}{manager.ApiVersion}, Kind={applied["kind"]})", "", StringComparison.Ordinal)));
            Assert.Equal(theirs["details"]?["causes"]?.ToJsonString(), (refused as ApplyConflictException)?.Causes.ToJsonString());
            return;
        }

        Assert.True(status is 200 or 201, $"{step}: {theirs["message"]}");
        AssertSameOwners(theirs, ours, step.ToString());

        // The server's own additions are those that it makes to ours as well, so nothing may differ once it has seen it.
        var metadata = ours["metadata"]!.AsObject();
        metadata["resourceVersion"] = theirs["metadata"]!["resourceVersion"]!.DeepClone();
        var seen = _api.Send(HttpMethod.Put, $"{path}?dryRun=All", ours.ToJsonString());
        AssertSame(Comparable(theirs), Comparable(seen), step.ToString());
    }

    private void CompareUpdate(string path, JsonObject? live, JsonObject patch, PatchSchema schema, ManagerIdentity manager, (string ApiVersion, string Kind) type)
    {
        JsonObject theirs;
        if (live is null)
        {
            patch["apiVersion"] = type.ApiVersion;
            patch["kind"] = type.Kind;
            patch["metadata"] = new JsonObject { ["name"] = "m" };
            theirs = _api.Send(HttpMethod.Post, $"{path[..path.LastIndexOf('/')]}?fieldManager={manager.Name}", patch.ToJsonString());
        }
        else
        {
            theirs = _api.Send(HttpMethod.Patch, $"{path}?fieldManager={manager.Name}", patch.ToJsonString(), "application/merge-patch+json");
        }

        var ours = (JsonObject)theirs.DeepClone();
        var metadata = ours["metadata"]!.AsObject();
        var sent = patch["metadata"]?["managedFields"] ?? live?["metadata"]?["managedFields"];
        metadata.Remove("managedFields");
        metadata["managedFields"] = sent?.DeepClone();
        if (live is null && type.Kind == "Service")
        {
            // Assigned after the account is kept.
            ours["spec"]!.AsObject().Remove("clusterIP");
            ours["spec"]!.AsObject().Remove("clusterIPs");
        }

        ServerSideApply.Track(live, ours, schema, manager, Time);
        AssertSameOwners(theirs, ours, $"{manager} {patch.ToJsonString()}");
    }

    private (string ApiVersion, string Kind, Schema Type, PatchSchema Schema) Type(string path)
    {
        var kind = path.Split('/')[^2] switch { "configmaps" => "ConfigMap", "podtemplates" => "PodTemplate", "services" => "Service", _ => "Kustomization" };
        if (kind != "Kustomization")
        {
            return ("v1", kind, ModelSchemas.Find("", "v1", kind)!, BuiltInSchemas.Require("v1", kind));
        }

        var definition = _api.Send(HttpMethod.Get, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/kustomizations.kustomize.toolkit.fluxcd.io");
        var version = definition["spec"]!["versions"]!.AsArray().Single(version => (string)version!["name"]! == "v1");
        var source = version!["schema"]!["openAPIV3Schema"]!.AsObject();
        return ("kustomize.toolkit.fluxcd.io/v1", kind, CustomSchema.Read(source), PatchSchema.FromOpenApi(source));
    }

    private static JsonObject Comparable(JsonObject result)
    {
        foreach (var changing in (string[])["managedFields", "resourceVersion", "generation"])
        {
            result["metadata"]!.AsObject().Remove(changing);
        }

        return result;
    }

    private static void AssertSameOwners(JsonObject theirs, JsonObject ours, string what) => AssertSame(Owners(theirs), Owners(ours), what);

    // Entries of the same second are ordered by name, and the times of both differ; so the order is that of the names here.
    private static JsonArray Owners(JsonObject node)
    {
        var entries = (node["metadata"]?["managedFields"] as JsonArray ?? []).Select(entry => entry!.DeepClone().AsObject()).ToList();
        entries.ForEach(entry => entry.Remove("time"));
        return new JsonArray([.. entries.OrderBy(entry => (string)entry["operation"]! + entry["manager"], StringComparer.Ordinal)]);
    }

    private static void AssertSame(JsonNode theirs, JsonNode ours, string what) =>
        Assert.True(JsonNode.DeepEquals(theirs, ours), $"{what}\nthe server: {theirs.ToJsonString()}\nours:       {ours.ToJsonString()}");

    private sealed record Step(string Manager, bool IsApply, string Json, bool Force);
}
