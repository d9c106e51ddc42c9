using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Cluster.Tests.Patching;

/// <summary>The same patches by a real API server and by ours: the results must be the same.</summary>
public sealed class PatchTests : IDisposable
{
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Json = "application/json-patch+json";

    private const string Deployment = """
        {
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": { "name": "d", "labels": { "app": "d" }, "annotations": { "a/b": "1" }, "finalizers": ["example.org/one", "example.org/two"] },
          "spec": {
            "replicas": 0,
            "selector": { "matchLabels": { "app": "d" } },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } },
            "template": {
              "metadata": { "labels": { "app": "d" } },
              "spec": {
                "containers": [
                  {
                    "name": "a", "image": "a:1", "command": ["x", "z"],
                    "env": [{ "name": "X", "value": "1" }, { "name": "Z", "value": "2" }],
                    "ports": [{ "containerPort": 80, "name": "http" }, { "containerPort": 443 }],
                    "volumeMounts": [{ "name": "v", "mountPath": "/v" }]
                  },
                  { "name": "b", "image": "b:1" },
                  { "name": "c", "image": "c:1" }
                ],
                "tolerations": [{ "key": "one", "operator": "Exists" }],
                "hostAliases": [{ "ip": "10.0.0.1", "hostnames": ["a"] }],
                "imagePullSecrets": [{ "name": "one" }],
                "volumes": [{ "name": "v", "hostPath": { "path": "/x" } }, { "name": "w", "emptyDir": {} }]
              }
            }
          }
        }
        """;

    private const string Service = """
        {
          "apiVersion": "v1", "kind": "Service", "metadata": { "name": "s" },
          "spec": { "selector": { "app": "d" }, "ports": [{ "name": "http", "port": 80, "targetPort": 8080 }, { "name": "tls", "port": 443 }] }
        }
        """;

    private const string ConfigMap = """{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "c", "finalizers": ["example.org/one"] }, "data": { "a": "1", "b.c": "2" } }""";

    private readonly LabNamespace _lab = new();
    private readonly LabApi _api = new();

    [Fact]
    public void Patches_of_a_Deployment_give_what_the_server_gives() => CompareAll(
        $"/apis/apps/v1/namespaces/{_lab.Name}/deployments/d",
        Deployment,
        [
            (Strategic, Pod("""{"containers":[{"name":"b","image":"b:2"}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"new","image":"n:1"}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"c","image":"c:2"},{"name":"new","image":"n:1"}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"new","image":"n:1"},{"name":"a","tty":true}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"b","$patch":"delete"}]}""")),
            (Strategic, Pod("""{"containers":[{"$patch":"replace"},{"name":"z","image":"z:1"}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","env":[{"name":"X","$patch":"delete"},{"name":"New","value":"3"}]}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","env":[{"name":"X","value":"2","$patch":"replace"}]}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","env":[{"name":"X","value":null,"valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","ports":[{"containerPort":443,"name":"tls"}],"command":["only"]}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/w","name":"w"}]}]}""")),
            (Strategic, Pod("""{"$setElementOrder/containers":[{"name":"c"},{"name":"a"},{"name":"b"}]}""")),
            (Strategic, Pod("""{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}],"containers":[{"name":"a","tty":true}]}""")),
            (Strategic, Pod("""{"$setElementOrder/containers":[{"name":"new"},{"name":"c"},{"name":"a"}],"containers":[{"name":"new","image":"n:1"},{"name":"b","$patch":"delete"}]}""")),
            (Strategic, Pod("""{"tolerations":[{"key":"two","operator":"Exists"}],"hostAliases":[{"ip":"10.0.0.2","hostnames":["b"]},{"ip":"10.0.0.1","hostnames":["c"]}]}""")),
            (Strategic, Pod("""{"imagePullSecrets":[{"name":"two"}],"tolerations":null}""")),
            (Strategic, Pod("""{"volumes":[{"name":"v","$retainKeys":["name","emptyDir"],"emptyDir":{}}]}""")),
            (Strategic, Pod("""{"securityContext":{"runAsUser":1,"runAsGroup":null},"nodeSelector":{"a":"b"}}""")),
            (Strategic, """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"""),
            (Strategic, """{"spec":{"strategy":{"rollingUpdate":{"$patch":"delete"}}}}"""),
            (Strategic, """{"metadata":{"labels":{"app":null,"x":"y"},"annotations":{"$patch":"replace","only":"this"}}}"""),
            (Strategic, """{"metadata":{"finalizers":["example.org/three"]}}"""),
            (Strategic, """{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.org/one"]}}"""),
            (Strategic, """{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.org/one"],"$setElementOrder/finalizers":["example.org/three","example.org/two"],"finalizers":["example.org/three"]}}"""),
            (Strategic, """{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"c","uid":"1"}]}}"""),
            (Strategic, Pod("""{"containers":[{"image":"x"}]}""")),
            (Strategic, Pod("""{"containers":[{"name":"a","$patch":"mystery"}]}""")),
            (Strategic, Pod("""{"containers":[{"$patch":"merge"}]}""")),
            (Strategic, Pod("""{"$setElementOrder/containers":"a"}""")),
            (Strategic, Pod("""{"$setElementOrder/containers":[{"name":"z"}],"containers":[{"name":"y"}]}""")),
            (Strategic, """{"spec":{"$patch":"mystery"}}"""),
            (Strategic, """{"spec":{"strategy":{"$retainKeys":["a"],"type":"Recreate"}}}"""),
            (Strategic, """{"spec":{"strategy":{"$retainKeys":"a"}}}"""),
            (Merge, Pod("""{"containers":[{"name":"only","image":"o:1"}],"volumes":null}""")),
            (Merge, """{"metadata":{"annotations":null,"finalizers":["example.org/new"]},"spec":{"replicas":null}}"""),
            (Json, """[{"op":"replace","path":"/spec/template/spec/containers/1/image","value":"b:2"},{"op":"remove","path":"/spec/template/spec/containers/2"}]"""),
            (Json, """[{"op":"add","path":"/spec/template/spec/containers/0/env/1","value":{"name":"Mid","value":"m"}},{"op":"add","path":"/spec/template/spec/containers/0/env/-","value":{"name":"End"}}]"""),
            (Json, """[{"op":"test","path":"/metadata/annotations/a~1b","value":"1"},{"op":"move","from":"/metadata/annotations/a~1b","path":"/metadata/annotations/c~1d"}]"""),
            (Json, """[{"op":"copy","from":"/spec/template/spec/containers/1/image","path":"/spec/template/spec/containers/0/image"}]"""),
            (Json, """[{"op":"test","path":"/spec/replicas","value":1}]"""),
            (Json, """[{"op":"remove","path":"/metadata/annotations/nothing"}]"""),
            (Json, """[{"op":"add","path":"/no/such/parent","value":1}]"""),
            (Json, """[{"op":"bogus","path":"/spec"}]"""),
        ]);

    [Fact]
    public void Patches_of_a_Service_give_what_the_server_gives() => CompareAll(
        $"/api/v1/namespaces/{_lab.Name}/services/s",
        Service,
        [
            (Strategic, """{"spec":{"ports":[{"port":80,"targetPort":9090}]}}"""),
            (Strategic, """{"spec":{"ports":[{"name":"new","port":8080}]}}"""),
            (Strategic, """{"spec":{"ports":[{"port":443,"$patch":"delete"}],"selector":{"$patch":"replace","x":"y"}}}"""),
            (Strategic, """{"spec":{"$setElementOrder/ports":[{"port":443},{"port":80}]}}"""),
            (Merge, """{"spec":{"ports":[{"port":1234}],"selector":{"app":null,"b":"c"}}}"""),
            (Json, """[{"op":"remove","path":"/spec/ports/0"}]"""),
        ]);

    [Fact]
    public void Patches_of_a_ConfigMap_give_what_the_server_gives() => CompareAll(
        $"/api/v1/namespaces/{_lab.Name}/configmaps/c",
        ConfigMap,
        [
            (Strategic, """{"data":{"a":null,"d":"3"}}"""),
            (Strategic, """{"data":{"$patch":"replace","d":"3"}}"""),
            (Strategic, """{"data":null}"""),
            (Strategic, """{"metadata":{"finalizers":null}}"""),
            (Merge, """{"data":{"a":"9"},"metadata":{"labels":{"x":"y"}}}"""),
            (Json, """[{"op":"replace","path":"/data/b.c","value":"3"},{"op":"add","path":"/data/e","value":"5"}]"""),
        ]);

    [Fact]
    public void A_custom_resource_takes_no_strategic_merge_patch()
    {
        _lab.AddKustomization("k");
        var (status, body) = _api.Call(HttpMethod.Patch, $"{_lab.Kustomizations}/k", "{}", Strategic);
        var ours = Assert.Throws<PatchException>(() => BuiltInSchemas.Require("kustomize.toolkit.fluxcd.io/v1", "Kustomization"));
        Assert.Equal((status, body["message"]!.GetValue<string>()), (ours.Status, ours.Message));
    }

    public void Dispose()
    {
        // The finalizers of the samples would keep the namespace from going.
        foreach (var path in (string[])[$"/apis/apps/v1/namespaces/{_lab.Name}/deployments/d", $"/api/v1/namespaces/{_lab.Name}/configmaps/c"])
        {
            _api.Call(HttpMethod.Patch, path, """{"metadata":{"finalizers":null}}""", Merge);
        }

        _lab.Dispose();
        _api.Dispose();
    }

    private static string Pod(string spec) => $$"""{"spec":{"template":{"spec":{{spec}} } } }""";

    private void CompareAll(string path, string sample, (string Type, string Patch)[] cases)
    {
        _api.Send(HttpMethod.Post, path[..path.LastIndexOf('/')], sample);
        var differences = string.Join('\n', cases.Select(one => Settled(path, one.Type, one.Patch)).OfType<string>());
        Assert.True(differences.Length == 0, differences);
    }

    // A controller may write between our reading and the server's patch; then the comparison says nothing and is made anew.
    private string? Settled(string path, string type, string patch)
    {
        while (true)
        {
            var live = _api.Send(HttpMethod.Get, path);
            var difference = Compare(path, type, patch, live);
            if (difference is null || JsonNode.DeepEquals(live["metadata"]!["resourceVersion"], _api.Send(HttpMethod.Get, path)["metadata"]!["resourceVersion"]))
            {
                return difference;
            }
        }
    }

    private string? Compare(string path, string type, string patch, JsonObject live)
    {
        var (status, theirs) = _api.Call(HttpMethod.Patch, $"{path}?dryRun=All", patch, type);
        try
        {
            var ours = Apply(live, type, patch);
            if (status != 200)
            {
                return $"{patch}: the server refuses it: {theirs["message"]}";
            }

            // The server sets the defaults of what is new, in our result as well as in its own.
            ours["metadata"]!.AsObject().Remove("resourceVersion");
            ours["metadata"]!["resourceVersion"] = path.Contains("/services/", StringComparison.Ordinal) ? live["metadata"]!["resourceVersion"]!.DeepClone() : null;
            var stored = Comparable(_api.Send(HttpMethod.Put, $"{path}?dryRun=All", ours.ToJsonString()));
            return JsonNode.DeepEquals(Comparable(theirs), stored) ? null : $"{patch}: {stored.ToJsonString()}\n the server: {theirs.ToJsonString()}";
        }
        catch (PatchException refused)
        {
            // Why a JSON patch does not apply is not told by the server at all.
            var message = theirs["message"]!.GetValue<string>();
            return status == refused.Status && (type == Json || message == refused.Message) ? null : $"{patch}: {refused.Status} {refused.Message}\n the server: {status} {message}";
        }
    }

    private static JsonObject Apply(JsonObject live, string type, string patch) => type switch
    {
        Strategic => StrategicMergePatch.Apply(live, JsonNode.Parse(patch)!.AsObject(), BuiltInSchemas.Require(live["apiVersion"]!.GetValue<string>(), live["kind"]!.GetValue<string>())),
        Merge => MergePatch.Apply(live, JsonNode.Parse(patch))!.AsObject(),
        _ => JsonPatch.Apply(live, JsonNode.Parse(patch)!.AsArray())!.AsObject(),
    };

    private static JsonObject Comparable(JsonObject result)
    {
        foreach (var changing in (string[])["managedFields", "resourceVersion", "generation"])
        {
            result["metadata"]!.AsObject().Remove(changing);
        }

        result.Remove("status");
        return result;
    }
}
