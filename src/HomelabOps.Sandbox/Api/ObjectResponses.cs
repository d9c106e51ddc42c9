using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>Answers with objects in the form that the client takes.</summary>
internal static class ObjectResponses
{
    public static Task SendAsync(ApiCall call, RequestTarget target, StoredObject item, int status, TimeProvider clock) => call.Accept.Form switch
    {
        "Table" => call.Response.SendAsync(new TableWriter(target.Kind, target.Version, call.Accept.FormVersion, call.Query["includeObject"] ?? "Metadata", clock).Single(item), status),
        "PartialObjectMetadata" => call.Response.SendAsync(TableWriter.Partial(item.ToNode(), call.Accept.FormVersion), status),
        _ => call.Response.SendAsync(ObjectJson.WithHead(target.Version.Head, VersionConversion.Bytes(target.Kind, target.Version, item)), status, "application/json"),
    };

    public static JsonObject PartialList(ListPager.Page page, string version)
    {
        var metadata = new JsonObject();
        page.Describe(metadata);
        return new()
        {
            ["kind"] = "PartialObjectMetadataList",
            ["apiVersion"] = "meta.k8s.io/" + version,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Items.Select(item => TableWriter.Partial(item.ToNode(), version))]),
        };
    }

    /// <summary>The Status that says an object is gone.</summary>
    public static JsonObject Deleted(ResourceKind kind, StoredObject item)
    {
        var details = new JsonObject { ["name"] = item.Key.Name };
        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        details["uid"] = item.Uid;
        return new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }

    public static JsonObject Success(int code = 200) => new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = code };
}
