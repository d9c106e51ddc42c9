using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>What kubectl learns of the server before it does anything.</summary>
public sealed class DiscoveryTests : KubectlTest
{
    private const string Widgets = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd], categories: [all]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            - {name: Colour, type: string, jsonPath: .spec.colour, priority: 1}
            - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: {type: integer, description: How many there are., minimum: 0}
                      colour: {type: string, enum: [red, blue]}
                  status:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
        """;

    [Fact]
    public async Task Versions_and_resources_are_listed()
    {
        Assert.Contains("Server Version: v1.32.4", await OkAsync("version"), StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "v1", "apps/v1", "batch/v1", "metrics.k8s.io/v1beta1" }, (await OkAsync("api-versions")).Split('\n').ToHashSet());
        var resources = Rows(await OkAsync("api-resources"));
        Assert.Equal("NAME|SHORTNAMES|APIVERSION|NAMESPACED|KIND", resources[0]);
        Assert.Contains("pods|po|v1|true|Pod", resources);
        Assert.Contains("deployments|deploy|apps/v1|true|Deployment", resources);
        Assert.Contains("persistentvolumes|pv|v1|false|PersistentVolume", resources);
        Assert.Contains("nodes", (await OkAsync("api-resources --namespaced=false --verbs=patch,deletecollection -o name")).Split('\n'));
    }

    [Fact]
    public async Task Explain_tells_fields_and_their_types()
    {
        var container = await OkAsync("explain deployment.spec.template.spec.containers");
        Assert.Contains("FIELD: containers <[]Container>", container, StringComparison.Ordinal);
        Assert.Contains("  name\t<string> -required-", container, StringComparison.Ordinal);
        Assert.Contains("  resources\t<ResourceRequirements>", container, StringComparison.Ordinal);
        foreach (var kind in (string[])["pod", "deployment", "service", "persistentvolume", "event", "crd", "horizontalpodautoscaler", "networkpolicy"])
        {
            Assert.Contains("FIELDS:", await OkAsync($"explain {kind} --recursive"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_kind_of_Flux_is_explained_and_a_typing_error_in_it_refused()
    {
        await OkAsync("apply -f -", string.Join("---\n", Definitions.Of("kustomize.toolkit.fluxcd.io")));
        await OkAsync("wait --for=condition=Established crd/kustomizations.kustomize.toolkit.fluxcd.io --timeout=60s");
        Assert.Contains("  name\t<string> -required-", await OkAsync("explain kustomization.spec.dependsOn"), StringComparison.Ordinal);
        Assert.Contains("readyExpr\t<string>", await OkAsync("explain ks --recursive"), StringComparison.Ordinal);
        var refused = await FailsAsync("apply -f -", input: "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec: {interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: x}, dependsOn: [{name: y, nam: y}]}\n");
        Assert.Contains("strict decoding error: unknown field \"spec.dependsOn[0].nam\"", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_custom_kind_has_its_names_columns_scale_and_schema()
    {
        await OkAsync("apply -f -", Widgets);
        await OkAsync("wait --for=condition=Established crd/widgets.example.com --timeout=60s");
        await OkAsync("apply -f -", "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: cog}\nspec: {size: 3, colour: red}\n");
        await OkAsync("""patch wd cog --subresource=status --type merge -p {"status":{"conditions":[{"type":"Ready","status":"True"}]}}""");
        Assert.Equal("NAME|SIZE|READY|COLOUR|AGE", Rows(await OkAsync("get wd -o wide"))[0]);
        Assert.StartsWith("cog|3|True|red|", Rows(await OkAsync("get wd -o wide"))[1], StringComparison.Ordinal);
        Assert.StartsWith("cog|3|True|", Rows(await OkAsync("get widget cog"))[1], StringComparison.Ordinal);
        Assert.Equal("widget.example.com/cog scaled", await OkAsync("scale widget cog --replicas=5"));
        Assert.Contains("How many there are.", await OkAsync("explain widget.spec.size"), StringComparison.Ordinal);
        Assert.Contains("spec.colour: Unsupported value: \"green\": supported values: \"red\", \"blue\"", await FailsAsync("""patch wd cog --type merge -p {"spec":{"colour":"green"}}"""), StringComparison.Ordinal);
        Assert.Contains("cog", await OkAsync("get all"), StringComparison.Ordinal);
        await OkAsync("delete crd widgets.example.com");

        // kubectl still remembers the kind.
        Assert.Contains("Unable to list \"example.com/v1, Resource=widgets\": the server could not find the requested resource", await FailsAsync("get widgets"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_are_asked_for_oneself_and_for_others()
    {
        Assert.Equal("yes", await OkAsync("auth can-i create pods"));
        Assert.Contains("*.*", await OkAsync("auth can-i --list"), StringComparison.Ordinal);
        await OkAsync("create serviceaccount robot");
        await OkAsync("create role reader --verb=get,list --resource=pods");
        await OkAsync("create rolebinding robots --role=reader --serviceaccount=default:robot");
        Assert.Equal("yes", await OkAsync("auth can-i list pods --as=system:serviceaccount:default:robot"));
        var refused = await RunAsync(["auth", "can-i", "delete", "pods", "--as=system:serviceaccount:default:robot"]);
        Assert.Equal((1, "no\n"), (refused.ExitCode, refused.Output));
        Assert.Contains("User \"system:serviceaccount:default:robot\" cannot delete resource \"pods\" in API group \"\" in the namespace \"default\"", await FailsAsync("delete pod x --as=system:serviceaccount:default:robot"), StringComparison.Ordinal);
        Assert.Contains("homelab-owner", await OkAsync("auth whoami"), StringComparison.Ordinal);
    }
}
