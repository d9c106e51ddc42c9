using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers;

public sealed class DefinitionTests
{
    [Theory]
    [InlineData("Kustomization", """{"interval":"10m","prune":true,"sourceRef":{"kind":"HelmRepository","name":"x"} }""", "spec.sourceRef.kind: Unsupported value: \"HelmRepository\": supported values: \"OCIRepository\", \"GitRepository\", \"Bucket\", \"ExternalArtifact\"")]
    [InlineData("Kustomization", """{"interval":"10m","prune":true,"sourceRef":{"kind":"GitRepository"} }""", "spec.sourceRef.name: Required value")]
    [InlineData("Kustomization", """{"interval":"10 minutes","prune":true,"sourceRef":{"kind":"GitRepository","name":"x"} }""", "spec.interval: Invalid value: \"10 minutes\": spec.interval in body should match ")]
    [InlineData("GitRepository", """{"interval":"often","url":"https://git.example.org/x"}""", "spec.interval: Invalid value: \"often\"")]
    [InlineData("HelmRelease", """{"interval":"1 h"}""", "spec.interval: Invalid value: \"1 h\"")]
    [InlineData("ReplicationSource", """{"sourcePVC":"x","restic":{"copyMethod":"Magic"} }""", "spec.restic.copyMethod: Unsupported value: \"Magic\": supported values: \"Direct\", \"None\", \"Clone\", \"Snapshot\"")]
    [InlineData("ReplicationSource", """{"sourcePVC":"x","trigger":{"schedule":"every day"} }""", "spec.trigger.schedule: Invalid value: \"every day\"")]
    [InlineData("ReplicationDestination", """{"trigger":{"schedule":"every day"},"rsyncTLS":{} }""", "spec.trigger.schedule: Invalid value: \"every day\"")]
    [InlineData("Kustomization", """{"interval":"10m","prune":true,"sourceRef":{"kind":"GitRepository","name":"x"},"dependsOn":[{"nam":"y"}] }""", "spec.dependsOn[0].name: Required value")]
    [InlineData("Kustomization", """{"interval":"10m","prune":true,"sourceRef":{"kind":"GitRepository","name":"x"},"postBuild":{"substituteFrom":[{"kind":"Values","name":"y"}]} }""", "spec.postBuild.substituteFrom[0].kind: Unsupported value: \"Values\": supported values: \"Secret\", \"ConfigMap\"")]
    [InlineData("HelmRelease", """{"interval":"1h","chartRef":{"kind":"Foo","name":"x"} }""", "spec.chartRef.kind: Unsupported value: \"Foo\": supported values: \"OCIRepository\", \"HelmChart\", \"ExternalArtifact\"")]
    [InlineData("HelmRelease", """{"interval":"1h","valuesFrom":[{"nam":"x"}] }""", "spec.valuesFrom[0].kind: Required value")]
    [InlineData("ReplicationSource", """{"sourcePVC":"x","syncthing":{"peers":[{"adress":"x"}]} }""", "spec.syncthing.peers[0].address: Required value")]
    [InlineData("ReplicationSource", """{"sourcePVC":"x","restic":{"moverAffinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{}]} } } }""", "spec.restic.moverAffinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value")]
    public async Task A_custom_object_that_makes_no_sense_is_refused(string kind, string spec, string why)
    {
        await using var cluster = new Cluster();
        var type = TypeOf(kind);
        await CustomKinds.InstallAsync(cluster.Client, type.Group);
        var error = await Assert.ThrowsAsync<HomelabException>(() => CreateAsync(cluster, type, spec));
        Assert.Contains(why, error.ServerText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 3 * * *")]
    [InlineData("*/15 * * * *")]
    [InlineData("0,30 1-5 * * 0")]
    [InlineData("@daily")]
    public async Task Schedules_of_all_forms_are_taken(string schedule)
    {
        await using var cluster = new Cluster();
        await CustomKinds.InstallAsync(cluster.Client, Types.ReplicationSource.Group);
        await CreateAsync(cluster, Types.ReplicationSource, $$"""{"sourcePVC":"x","trigger":{"schedule":"{{schedule}}"},"restic":{"copyMethod":"Direct"} }""");
    }

    [Theory]
    [InlineData("Kustomization", """{"interval":"10m","prune":true,"sourceRef":{"kind":"GitRepository","name":"x"},"dependsOn":[{"name":"y","nam":"y"}] }""", "dependsOn[0].nam")]
    [InlineData("HelmRelease", """{"interval":"1h","chartRef":{"kind":"OCIRepository","name":"x"},"values":{"what":{"ever":1} },"vlaues":{} }""", "vlaues")]
    [InlineData("ReplicationSource", """{"sourcePVC":"x","syncthing":{"serviceTyp":"ClusterIP"} }""", "syncthing.serviceTyp")]
    public async Task A_field_that_a_kind_does_not_have_is_dropped_or_refused(string kind, string spec, string field)
    {
        await using var cluster = new Cluster();
        var type = TypeOf(kind);
        await CustomKinds.InstallAsync(cluster.Client, type.Group);
        using var http = new HttpClient();
        using var body = new StringContent(Item(type, spec).ToJsonString(), Encoding.UTF8, "application/json");
        using var strict = await http.PostAsync(new Uri(cluster.Server.Url, $"apis/{type.ApiVersion}/namespaces/default/{type.Plural}?fieldValidation=Strict"), body, Cluster.Stop);
        Assert.Equal(HttpStatusCode.BadRequest, strict.StatusCode);
        Assert.Equal($"{kind} in version \"{type.ApiVersion.Split('/')[1]}\" cannot be handled as a {kind}: strict decoding error: unknown field \"spec.{field}\"", (string?)JsonNode.Parse(await strict.Content.ReadAsStringAsync(Cluster.Stop))!["message"]);
        var created = (await CreateAsync(cluster, type, spec))["spec"]!;
        Assert.DoesNotContain($"\"{field[(field.LastIndexOf('.') + 1)..]}\":", created.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(spec)!["values"]?.ToJsonString(), created["values"]?.ToJsonString());
    }

    private static ResourceType TypeOf(string kind) =>
        new[] { Types.Kustomization, Types.GitRepository, Types.HelmRelease, Types.ReplicationSource, Types.ReplicationDestination }.Single(type => type.Kind == kind);

    private static JsonObject Item(ResourceType type, string spec) =>
        new() { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject { ["name"] = "x", ["namespace"] = "default" }, ["spec"] = JsonNode.Parse(spec) };

    private static Task<JsonObject> CreateAsync(Cluster cluster, ResourceType type, string spec) => cluster.Client.CreateAsync(type, "default", Item(type, spec), Cluster.Stop);
}
