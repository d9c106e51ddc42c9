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
    public async Task A_custom_object_that_makes_no_sense_is_refused(string kind, string spec, string why)
    {
        await using var cluster = new Cluster();
        var type = new[] { Types.Kustomization, Types.GitRepository, Types.HelmRelease, Types.ReplicationSource, Types.ReplicationDestination }.Single(type => type.Kind == kind);
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

    private static Task<JsonObject> CreateAsync(Cluster cluster, ResourceType type, string spec)
    {
        var item = new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject { ["name"] = "x", ["namespace"] = "default" }, ["spec"] = JsonNode.Parse(spec) };
        return cluster.Client.CreateAsync(type, "default", item, Cluster.Stop);
    }
}
