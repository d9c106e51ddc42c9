using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>Writes into quotas what is used of them.</summary>
internal sealed class QuotaStatus(ApiServices services)
{
    private readonly Collection _quotas = services.Context.Collection("v1", "ResourceQuota");

    /// <summary>Whether a change may have used something up or given it back.</summary>
    public bool Concerns(Collection collection, StoreEvent change) => _quotas.Count > 0 && change.After.Key.Namespace.Length > 0
        && (change.Before is null || change.Deleted || collection == _quotas || collection.Resource is "pods" or "services" or "persistentvolumeclaims");

    public void Handle(Collection collection, StoreEvent change)
    {
        if (!Concerns(collection, change))
        {
            return;
        }

        var (kind, version) = services.Context.Kinds.FindKind("v1", "ResourceQuota")!.Value;
        foreach (var item in _quotas.Read(change.After.Key.Namespace).Objects)
        {
            var quota = item.ToNode();
            var used = services.Quotas.Used(quota);
            var status = new JsonObject
            {
                ["hard"] = Cells.At(quota, "spec.hard")?.DeepClone() ?? new JsonObject(),
                ["used"] = new JsonObject(used.Select(amount => KeyValuePair.Create(amount.Key, (JsonNode?)amount.Value.ToString()))),
            };
            services.Writer.Update(kind, version, item.Key, present => With(present, status), CallOptions.Default with { Subresource = "status" });
        }
    }

    private static JsonObject With(JsonObject quota, JsonObject status)
    {
        quota["status"] = status.DeepClone();
        return quota;
    }
}
