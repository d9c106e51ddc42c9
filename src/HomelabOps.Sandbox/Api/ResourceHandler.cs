using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Selecting;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Api.Watching;
using HomelabOps.Sandbox.Api.Webhooks;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>Requests for objects and collections of them.</summary>
internal sealed class ResourceHandler(ApiServices services, FaultSet faults)
{
    private readonly ApiContext _context = services.Context;

    public Task HandleAsync(ApiCall call, RequestTarget target, string verb)
    {
        if (!target.Kind.Verbs.Contains(verb, StringComparer.Ordinal))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (target.Version.Deprecation is { } warning)
        {
            call.Response.Warn(warning);
        }

        return verb switch
        {
            "get" => GetAsync(call, target),
            "list" => ListAsync(call, target),
            "watch" => WatchAsync(call, target),
            "create" => CreateAsync(call, target),
            "update" => UpdateAsync(call, target),
            "patch" => PatchAsync(call, target),
            "delete" => DeleteAsync(call, target),
            _ => DeleteCollectionAsync(call, target),
        };
    }

    private async Task GetAsync(ApiCall call, RequestTarget target)
    {
        if (ListPager.Revision(call.Query["resourceVersion"]) is var asked && asked > _context.Store.Revision)
        {
            throw ApiErrors.TooLarge(asked, _context.Store.Revision);
        }

        var item = _context.Collection(target.Kind).Find(target.Key(target.Name!)) ?? throw ApiErrors.NotFound(target.Kind, target.Name!);

        await ObjectResponses.SendAsync(call, target, item, 200, _context.Clock);
    }

    private Task ListAsync(ApiCall call, RequestTarget target)
    {
        var stored = _context.Kinds.StorageOf(target.Kind);
        var selection = ObjectSelection.Of(target, call.Query, stored);
        _ = call.Query.Number("timeoutSeconds");
        var page = ListPager.Read(_context.Collection(target.Kind), selection, call.Query);
        return call.Accept.Form switch
        {
            "Table" => call.Response.SendAsync(Table(call, target).List(page)),
            "PartialObjectMetadata" or "PartialObjectMetadataList" => call.Response.SendAsync(ObjectResponses.PartialList(page, call.Accept.FormVersion)),
            _ => page.SendAsync(call.Response, target.Kind, target.Version),
        };
    }

    private async Task WatchAsync(ApiCall call, RequestTarget target)
    {
        var selection = ObjectSelection.Of(target, call.Query, _context.Kinds.StorageOf(target.Kind));
        IWatchEncoder encoder = call.Accept.Form switch
        {
            "Table" => Table(call, target),
            "PartialObjectMetadata" or "PartialObjectMetadataList" => new PartialWatchEncoder(call.Accept.FormVersion),
            _ => new ObjectWatchEncoder(target.Kind, target.Version),
        };
        var session = new WatchSession(_context.Collection(target.Kind), selection, encoder) { Cut = faults.WatchCut(target.Kind.Resource, target.Namespace) };
        await session.RunAsync(call);
        call.Response.End();
    }

    private TableWriter Table(ApiCall call, RequestTarget target) =>
        new(target.Kind, target.Version, call.Accept.FormVersion, call.Query["includeObject"] ?? "Metadata", _context.Clock);

    private async Task CreateAsync(ApiCall call, RequestTarget target)
    {
        if (target.Name is not null || (target.Kind.Namespaced && target.Namespace is null))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var options = CallOptionsReader.Read(call, null, _context);
        var node = ObjectBody.ParseObject(await call.ReadBodyAsync(), call.ContentType, target.Version, options);
        var result = services.Writer.Create(target.Kind, target.Version, target.Namespace, node, options);
        await ObjectResponses.SendAsync(call, target, result.Object, 201, _context.Clock);
    }

    private async Task UpdateAsync(ApiCall call, RequestTarget target)
    {
        var options = CallOptionsReader.Read(call, null, _context) with { Replaces = true };
        var node = ObjectBody.ParseObject(await call.ReadBodyAsync(), call.ContentType, target.Version, options);
        var result = services.Writer.Update(target.Kind, target.Version, target.Key(target.Name!), node, options, CreatesOnUpdate(target.Kind) ? () => node : null);
        await ObjectResponses.SendAsync(call, target, result.Object, result.Created ? 201 : 200, _context.Clock);
    }

    private async Task PatchAsync(ApiCall call, RequestTarget target)
    {
        var result = await PatchRequest.RunAsync(services, call, target, null);
        await ObjectResponses.SendAsync(call, target, result.Object, result.Created ? 201 : 200, _context.Clock);
    }

    private async Task DeleteAsync(ApiCall call, RequestTarget target)
    {
        var delete = await ReadDeleteAsync(call);
        var options = CallOptionsReader.Read(call, null, _context) with { DryRun = delete.DryRun };
        AskWebhooks(target.Kind, target.Key(target.Name!));
        var result = services.Remover.Delete(target.Kind, target.Key(target.Name!), delete, options);
        if (result.Gone && !target.Kind.ReturnsDeleted)
        {
            await call.Response.SendAsync(ObjectResponses.Deleted(target.Kind, result.Object));
            return;
        }

        await ObjectResponses.SendAsync(call, target, result.Object, 200, _context.Clock);
    }

    private async Task DeleteCollectionAsync(ApiCall call, RequestTarget target)
    {
        var delete = await ReadDeleteAsync(call);
        var options = CallOptionsReader.Read(call, null, _context) with { DryRun = delete.DryRun };
        var selection = ObjectSelection.Of(target, call.Query, _context.Kinds.StorageOf(target.Kind));
        var page = ListPager.Read(_context.Collection(target.Kind), selection, call.Query);
        var deleted = new List<StoredObject>();
        foreach (var item in page.Items)
        {
            try
            {
                AskWebhooks(target.Kind, item.Key);
                deleted.Add(services.Remover.Delete(target.Kind, item.Key, delete, options).Object);
            }
            catch (ApiException error) when (error.Reason == "NotFound")
            {
                // Another request was faster.
            }
        }

        await new ListPager.Page(_context.Store.Revision, deleted, page.Continue, page.Remaining).SendAsync(call.Response, target.Kind, target.Version);
    }

    private void AskWebhooks(ResourceKind kind, ObjectKey key)
    {
        if (_context.Collection(kind).Find(key) is { } present)
        {
            var request = new WebhookRequest(kind, "DELETE", null, present.ToNode());
            services.Options.Webhooks.Mutate(_context, request);
            services.Options.Webhooks.Validate(_context, request);
        }
    }

    private static async Task<DeleteOptions> ReadDeleteAsync(ApiCall call)
    {
        var body = await call.ReadBodyAsync();
        return DeleteOptions.Read(body.Length == 0 ? null : DeleteOptions.Parse(body, call.ContentType), call.Query);
    }

    private static bool CreatesOnUpdate(ResourceKind kind) => kind is { Group: "", Kind: "Endpoints" or "Event" or "LimitRange" or "Service" } or { Group: "coordination.k8s.io" } or { Group: "events.k8s.io" };
}
