using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Tests.Patching;

public sealed class PatchSchemaTests
{
    [Theory]
    [InlineData("v1", "Pod", "spec/containers", "name")]
    [InlineData("apps/v1", "Deployment", "spec/template/spec/containers/env", "name")]
    [InlineData("apps/v1", "StatefulSet", "spec/template/spec/initContainers/volumeMounts", "mountPath")]
    [InlineData("apps/v1", "DaemonSet", "spec/template/spec/imagePullSecrets", "name")]
    [InlineData("batch/v1", "CronJob", "spec/jobTemplate/spec/template/spec/volumes", "name")]
    [InlineData("batch/v1", "Job", "spec/template/spec/topologySpreadConstraints", "topologyKey")]
    [InlineData("v1", "Service", "spec/ports", "port")]
    [InlineData("v1", "ServiceAccount", "secrets", "name")]
    [InlineData("v1", "Node", "status/addresses", "type")]
    [InlineData("v1", "ConfigMap", "metadata/ownerReferences", "uid")]
    [InlineData("policy/v1", "PodDisruptionBudget", "status/conditions", "type")]
    public void Lists_of_built_in_kinds_have_their_merge_key(string apiVersion, string kind, string path, string key)
    {
        var field = At(BuiltInSchemas.Require(apiVersion, kind), path);
        Assert.True(field.Merges);
        Assert.Equal(key, field.MergeKey);
        Assert.Equal(ListKind.Map, field.List);
    }

    [Theory]
    [InlineData("v1", "Pod", "spec/tolerations")]
    [InlineData("v1", "Node", "spec/taints")]
    [InlineData("networking.k8s.io/v1", "Ingress", "spec/rules")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", "rules")]
    [InlineData("policy/v1beta1", "PodDisruptionBudget", "status/conditions")]
    public void Other_lists_are_atomic(string apiVersion, string kind, string path)
    {
        var field = At(BuiltInSchemas.Require(apiVersion, kind), path);
        Assert.False(field.Merges);
        Assert.Equal(ListKind.Atomic, field.List);
    }

    [Fact]
    public void Below_an_object_that_keeps_unknown_fields_each_key_has_its_owner()
    {
        var schema = PatchSchema.FromOpenApi(JsonNode.Parse("""
            {
              "type": "object",
              "properties": {
                "spec": { "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": { "known": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } } },
                "values": { "type": "object", "x-kubernetes-preserve-unknown-fields": true }
              }
            }
            """)!.AsObject());

        var spec = schema.Field("spec").Schema;
        Assert.True(spec.IsDeclared("known"));
        Assert.False(spec.IsDeclared("unknown"));
        Assert.False(spec.Field("known").Schema.IsAtomic);
        Assert.False(spec.Field("known").Schema.Field("a").Schema.IsDeclared("b"));
        Assert.True(schema.Field("values").Schema.IsAtomic);
    }

    [Fact]
    public void Server_side_apply_tells_ports_apart_by_more_than_the_merge_key()
    {
        Assert.Equal(["port", "protocol"], At(BuiltInSchemas.Require("v1", "Service"), "spec/ports").Keys.Select(key => key.Name));
        Assert.True(At(BuiltInSchemas.Require("apps/v1", "Deployment"), "spec/selector").Schema.IsAtomic);
    }

    [Fact]
    public void The_group_of_a_kind_counts_and_its_version_mostly_not()
    {
        Assert.Null(BuiltInSchemas.Find("apps/v1", "Pod"));
        Assert.Null(BuiltInSchemas.Find("example.org/v1", "Deployment"));
        Assert.Same(BuiltInSchemas.Find("storage.k8s.io/v1", "CSINode"), BuiltInSchemas.Find("storage.k8s.io/v1beta1", "CSINode"));
        Assert.NotSame(BuiltInSchemas.Find("autoscaling/v2", "HorizontalPodAutoscaler"), BuiltInSchemas.Find("autoscaling/v1", "HorizontalPodAutoscaler"));
    }

    [Fact]
    public void A_custom_resource_brings_its_own_markers()
    {
        var schema = PatchSchema.FromOpenApi(JsonNode.Parse("""
            {
              "type": "object",
              "properties": {
                "metadata": { "type": "object" },
                "spec": {
                  "type": "object",
                  "properties": {
                    "ports": {
                      "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"],
                      "items": { "type": "object", "properties": { "port": { "type": "integer" }, "protocol": { "type": "string", "default": "TCP" } } }
                    },
                    "tags": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
                    "plain": { "type": "array", "items": { "type": "string" } },
                    "selector": { "type": "object", "x-kubernetes-map-type": "atomic" },
                    "byName": { "type": "object", "additionalProperties": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } } }
                  }
                }
              }
            }
            """)!.AsObject());

        var ports = At(schema, "spec/ports");
        Assert.Equal(ListKind.Map, ports.List);
        Assert.Equal("TCP", ports.Keys[1].Default!.GetValue<string>());
        Assert.Null(ports.Keys[0].Default);
        Assert.Equal(ListKind.Set, At(schema, "spec/tags").List);
        Assert.Equal(ListKind.Atomic, At(schema, "spec/plain").List);
        Assert.True(At(schema, "spec/selector").Schema.IsAtomic);
        Assert.Equal(ListKind.Set, At(schema, "spec/byName/anything").List);
        Assert.Equal(ListKind.Set, At(schema, "metadata/finalizers").List);
    }

    private static PatchField At(PatchSchema schema, string path) =>
        path.Split('/').Aggregate(new PatchField { Schema = schema }, (field, name) => field.Schema.Field(name));
}
