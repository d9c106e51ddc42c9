using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>Requests for parts of objects: status, scale, and what pods and accounts have beside themselves.</summary>
internal sealed class SubresourceHandler(ApiServices services)
{
    private readonly PodSubresources _pods = new(services);
    private readonly ScaleHandler _scales = new(services);

    public Task HandleAsync(ApiCall call, RequestTarget target, string verb) => target.Subresource switch
    {
        "scale" => _scales.HandleAsync(call, target, verb),
        "token" => TokenAsync(call, target, verb),
        "log" or "exec" or "attach" or "portforward" or "proxy" or "binding" or "eviction" => _pods.HandleAsync(call, target, verb),
        "finalize" when verb != "update" => throw ApiErrors.MethodNotAllowed(),
        _ => PartAsync(call, target, verb),
    };

    // status, approval, finalize, ephemeralcontainers, resize: the object itself, of which only a part is taken.
    private async Task PartAsync(ApiCall call, RequestTarget target, string verb)
    {
        if (target.Subresource == "status" && !target.Version.HasStatus)
        {
            throw ApiErrors.NoSuchResource();
        }

        var key = target.Key(target.Name!);
        switch (verb)
        {
            case "get":
                await ObjectResponses.SendAsync(call, target, services.Context.Collection(target.Kind).Find(key) ?? throw ApiErrors.NotFound(target.Kind, key.Name), 200, services.Context.Clock);
                break;
            case "update":
                var options = CallOptionsReader.Read(call, target.Subresource, services.Context);
                var node = ObjectBody.ParseObject(await call.ReadBodyAsync(), call.ContentType, target.Version, options);
                await ObjectResponses.SendAsync(call, target, services.Writer.Update(target.Kind, target.Version, key, node, options).Object, 200, services.Context.Clock);
                break;
            case "patch":
                await ObjectResponses.SendAsync(call, target, (await PatchRequest.RunAsync(services, call, target, target.Subresource)).Object, 200, services.Context.Clock);
                break;
            default:
                throw ApiErrors.MethodNotAllowed();
        }
    }

    private async Task TokenAsync(ApiCall call, RequestTarget target, string verb)
    {
        if (verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var account = services.Context.Collection(target.Kind).Find(target.Key(target.Name!)) ?? throw ApiErrors.NotFound(target.Kind, target.Name!);
        var body = ObjectBody.Parse(await call.ReadBodyAsync(), call.ContentType, []) as JsonObject ?? [];
        var spec = Defaults.Part(body, "spec");
        Defaults.Set(spec, "expirationSeconds", 3600);
        Defaults.Set(spec, "audiences", new JsonArray("https://kubernetes.default.svc.cluster.local"));
        var seconds = Numbers.Whole(spec["expirationSeconds"]) ?? 3600;
        if (seconds < 600)
        {
            throw ApiErrors.Invalid("authentication.k8s.io", "TokenRequest", "", [FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")]);
        }

        var (token, expires) = services.Tokens.Issue(target.Namespace!, target.Name!, account.Uid, TimeSpan.FromSeconds(seconds), spec["audiences"]!.AsArray().Select(item => (string)item!));
        body["kind"] = "TokenRequest";
        body["apiVersion"] = "authentication.k8s.io/v1";
        Defaults.Part(body, "metadata")["creationTimestamp"] = services.Context.Now();
        body["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = Timestamps.Format(expires) };
        await call.Response.SendAsync(body, 201);
    }
}
