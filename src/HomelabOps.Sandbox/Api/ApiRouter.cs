using HomelabOps.Sandbox.Api.Access;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Api;

/// <summary>Leads each request to what answers it, through the faults that are switched on.</summary>
internal sealed class ApiRouter(ApiServices services, FaultSet faults)
{
    private readonly ResourceHandler _resources = new(services, faults);
    private readonly SubresourceHandler _subresources = new(services);
    private readonly ReviewHandler _reviews = new(services);
    private readonly OpenApiHandler _openApi = new(services);

    public async Task HandleAsync(ApiCall call)
    {
        try
        {
            await RouteAsync(call);
        }
        catch (ApiException error) when (!call.Response.Started)
        {
            await call.Response.SendErrorAsync(error);
        }
        catch (Exception error) when (!call.Response.Started && error is not (IOException or OperationCanceledException or System.Net.HttpListenerException or ObjectDisposedException))
        {
            // A fault of ours is told to the client, as a panic of the real server is; it must not end the process.
            await call.Response.SendErrorAsync(ApiErrors.Internal($"{error.GetType().Name}: {error.Message}"));
        }
    }

    private async Task RouteAsync(ApiCall call)
    {
        var segments = call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var (group, version, rest) = segments switch
        {
            ["api", var core, .. var more] => ("", core, more),
            ["apis", var name, var served, .. var more] => (name, served, more),
            _ => ("", "", []),
        };
        if (version.Length == 0 || rest.Length == 0)
        {
            if (!await faults.ApplyAsync(call, "get", "", null, null))
            {
                await ServeDocumentAsync(call, segments);
            }

            return;
        }

        var target = RequestTarget.Parse(services.Context.Kinds, group, version, rest);
        if (target is null)
        {
            // Built-in groups have routers, which answer for themselves.
            await (services.Context.Kinds.Kinds.Any(kind => kind.Group == group && !kind.IsCustom)
                ? throw ApiErrors.NoSuchResource()
                : call.Response.SendTextAsync("404 page not found\n", 404));
            return;
        }

        var verb = RequestVerb.Of(call, target);
        if (await faults.ApplyAsync(call, verb, target.Kind.Resource, target.Namespace, target.Name))
        {
            return;
        }

        Authorize(call.User, verb, target);
        await (target switch
        {
            { Kind.IsVirtual: true } => _reviews.HandleAsync(call, target, verb),
            { Subresource: not null } => _subresources.HandleAsync(call, target, verb),
            _ => _resources.HandleAsync(call, target, verb),
        });
    }

    private void Authorize(ApiUser user, string verb, RequestTarget target)
    {
        var access = new AccessAttributes(verb, target.Kind.Group, target.Kind.Plural, target.Subresource, target.Namespace, target.Name);

        // Everybody may ask what he may do.
        var isQuestion = target.Kind.Group is "authorization.k8s.io" or "authentication.k8s.io" && target.Kind.Kind.StartsWith("Self", StringComparison.Ordinal);
        if (!isQuestion && services.Authorizer.Allows(user, access) is null)
        {
            throw ApiErrors.Forbidden(user.Name, verb, target.Subresource is null ? target.Kind.Plural : $"{target.Kind.Plural}/{target.Subresource}", target.Kind.Group, target.Namespace, target.Name);
        }
    }

    private async Task ServeDocumentAsync(ApiCall call, string[] segments)
    {
        if (call.Method is not ("GET" or "HEAD"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        switch (segments)
        {
            case ["healthz" or "livez" or "readyz", ..]:
                await call.Response.SendTextAsync(call.Query.Has("verbose") ? $"[+]ping ok\n[+]log ok\n[+]etcd ok\n{segments[0]} check passed\n" : "ok");
                break;
            case ["openapi", ..]:
                await _openApi.HandleAsync(call, segments[1..]);
                break;
            default:
                var document = services.Discovery.Find(segments, call.Accept);
                if (document is null && segments is ["api", _] or ["apis", _, _] && services.Context.Kinds.Kinds.Any(kind => kind.Group == (segments[0] == "api" ? "" : segments[1]) && !kind.IsCustom))
                {
                    throw ApiErrors.NoSuchResource();
                }

                await (document is null ? call.Response.SendTextAsync("404 page not found\n", 404) : call.Response.SendAsync(document.Value.Body, 200, document.Value.ContentType));
                break;
        }
    }
}
