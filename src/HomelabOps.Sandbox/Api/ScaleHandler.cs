using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>The scale of a workload: how many replicas there shall be, and are.</summary>
internal sealed class ScaleHandler(ApiServices services)
{
    private static readonly TableView Table = new(
        [TableViews.Name, new("Desired", "integer"), new("Available", "integer"), TableViews.Age],
        static (item, clock) => [TableViews.NameOf(item), Cells.Number(item, "spec.replicas"), Cells.Number(item, "status.replicas"), clock.Age(item)]);

    public async Task HandleAsync(ApiCall call, RequestTarget target, string verb)
    {
        var key = target.Key(target.Name!);
        var paths = Paths(target);
        switch (verb)
        {
            case "get":
                var item = services.Context.Collection(target.Kind).Find(key) ?? throw (target.Kind.IsCustom ? ApiErrors.NotFound(target.Kind, key.Name) : ApiErrors.NotFound(target.Kind, "scale", key.Name));
                await SendAsync(call, target, item, paths);
                break;
            case "update" or "patch":
                var options = CallOptionsReader.Read(call, "scale", services.Context);
                var body = ObjectBody.Parse(await call.ReadBodyAsync(), verb == "patch" ? "application/json" : call.ContentType, []);
                var result = services.Writer.Update(target.Kind, target.Version, key, present => Change(target.Kind, present, verb == "patch" ? PatchRequest.Patched(Of(present, paths), body, call.ContentType) : body as JsonObject ?? [], paths), options);
                await SendAsync(call, target, result.Object, paths);
                break;
            default:
                throw ApiErrors.MethodNotAllowed();
        }
    }

    private Task SendAsync(ApiCall call, RequestTarget target, StoredObject item, KindVersion.ScalePaths paths) => call.Accept.Form == "Table" && !target.Kind.IsCustom
        ? call.Response.SendAsync(new TableWriter(target.Kind, target.Version, call.Accept.FormVersion, call.Query["includeObject"] ?? "Metadata", services.Context.Clock, Table).Single(item))
        : call.Response.SendAsync(Of(item.ToNode(), paths));

    private static JsonObject Change(ResourceKind kind, JsonObject present, JsonObject scale, KindVersion.ScalePaths paths)
    {
        var metadata = present["metadata"]!.AsObject();
        if ((string?)scale["metadata"]?["resourceVersion"] is { Length: > 0 } version && version != (string?)metadata["resourceVersion"])
        {
            throw ApiErrors.Modified(kind, (string)metadata["name"]!);
        }

        var replicas = Cells.Number(scale, "spec.replicas");
        if (replicas < 0)
        {
            throw ApiErrors.Invalid("autoscaling", "Scale", (string)metadata["name"]!, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }

        var steps = paths.Spec.TrimStart('.').Split('.');
        var owner = present;
        foreach (var step in steps[..^1])
        {
            owner = Defaults.Part(owner, step);
        }

        owner[steps[^1]] = replicas;
        return present;
    }

    private static JsonObject Of(JsonObject item, KindVersion.ScalePaths paths)
    {
        var metadata = new JsonObject();
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (item["metadata"]![name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        // The number that is wished for is left out when it is none; the other one is not.
        var wished = Cells.Number(item, paths.Spec.TrimStart('.'));
        var spec = wished == 0 ? new JsonObject() : new JsonObject { ["replicas"] = wished };
        var status = new JsonObject { ["replicas"] = Cells.Number(item, paths.Status.TrimStart('.')) };
        var selector = paths.Selector is null ? null : Cells.At(item, paths.Selector.TrimStart('.'));
        if (selector is not null)
        {
            status["selector"] = selector switch
            {
                JsonValue text => (string?)text,
                JsonObject map when map["matchLabels"] is null && map["matchExpressions"] is null => Cells.Labels(map),
                _ => Cells.Selector(selector),
            };
        }

        return new() { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    private static KindVersion.ScalePaths Paths(RequestTarget target) => target.Kind.IsCustom
        ? target.Version.Scale ?? throw ApiErrors.NoSuchResource()
        : new("spec.replicas", "status.replicas", "spec.selector");
}
