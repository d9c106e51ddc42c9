using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api;

/// <summary>What pods have beside themselves: logs, commands, ports, their place, and their eviction.</summary>
internal sealed class PodSubresources(ApiServices services)
{
    public Task HandleAsync(ApiCall call, RequestTarget target, string verb)
    {
        var item = services.Context.Collection(target.Kind).Find(target.Key(Name(target))) ?? throw ApiErrors.NotFound(target.Kind, Name(target));
        var pod = item.ToNode();
        return (target.Subresource, verb) switch
        {
            ("log", "get") => LogAsync(call, pod),
            ("exec" or "attach", "create") => ExecuteAsync(call, pod, target.Subresource == "attach", Container(pod, call.Query["container"])),
            ("portforward", "create") => PortForwardSession.RunAsync(services.Nodes, call, Placed(pod)),
            ("proxy", _) when target.Rest.Length == 0 && !call.Path.EndsWith('/') => RedirectAsync(call),
            ("proxy", _) => services.Nodes.ProxyAsync(call, Proxied(target, pod)),
            ("binding", "create") => BindAsync(call, target),
            ("eviction", "create") => EvictAsync(call, target, pod),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    // A proxied name may carry a port: name:port or https:name:port.
    private static string Name(RequestTarget target) => target.Subresource == "proxy"
        ? target.Name!.Split(':') is [var scheme, var name, _] && scheme is "http" or "https" ? name : target.Name!.Split(':')[0]
        : target.Name!;

    private static ProxyRequest Proxied(RequestTarget target, JsonObject item)
    {
        var parts = target.Name!.Split(':');
        var port = parts.Length > 1 ? parts[^1] : "";
        return new(target.Kind.Plural, target.Name, item, parts is ["https", _, _], port, "/" + target.Rest);
    }

    // Links of what is proxied to are relative to a folder.
    private static Task RedirectAsync(ApiCall call)
    {
        var (path, mark) = (call.Exchange.Target, call.Exchange.Target.IndexOf('?', StringComparison.Ordinal));
        return call.Response.SendAsync([], 301, "text/plain", [new("Location", mark < 0 ? path + "/" : $"{path[..mark]}/{path[mark..]}")]);
    }

    private Task ExecuteAsync(ApiCall call, JsonObject pod, bool attach, string container) => StreamSession.RunAsync(services.Nodes, call, Placed(pod), attach, container);

    private static JsonObject Placed(JsonObject pod) => Cells.Text(pod, "spec.nodeName").Length > 0 ? pod : throw ApiErrors.BadRequest($"pod {Cells.Text(pod, "metadata.name")} does not have a host assigned");

    private async Task LogAsync(ApiCall call, JsonObject pod)
    {
        var request = LogOptions.Read(call.Query, pod, Container(pod, call.Query["container"]), services.Context.Clock.GetUtcNow());
        if (string.IsNullOrEmpty((string?)pod["spec"]?["nodeName"]))
        {
            // A pod that nobody runs has no log.
            await call.Response.SendAsync([], 204, "text/plain");
            return;
        }

        await using var output = new LateStream(() => call.Response.BeginStream("text/plain"));
        await services.Nodes.WriteLogAsync(pod, request, output, call.Stopping);
        await output.FlushAsync(call.Stopping);
        await output.DisposeAsync();
        call.Response.End();
    }

    private static string Container(JsonObject pod, string? wanted)
    {
        string[] Names(string field) => [.. Cells.Items(pod, "spec." + field).Select(container => Cells.Text(container, "name"))];
        var (names, name) = (Names("containers"), Cells.Text(pod, "metadata.name"));
        string[] all = [.. Names("initContainers"), .. names, .. Names("ephemeralContainers")];
        if (wanted is null)
        {
            return names.Length == 1 ? names[0] : throw ApiErrors.BadRequest($"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', all)}]");
        }

        return all.Contains(wanted, StringComparer.Ordinal) ? wanted : throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {name}");
    }

    private async Task BindAsync(ApiCall call, RequestTarget target)
    {
        var body = ObjectBody.Parse(await call.ReadBodyAsync(), call.ContentType, []) as JsonObject ?? [];
        var node = Cells.Text(body, "target.name");
        services.Writer.Update(target.Kind, target.Version, target.Key(target.Name!), pod => Bound(target, pod, node), CallOptionsReader.Read(call, "binding", services.Context));
        await call.Response.SendAsync(ObjectResponses.Success(201), 201);
    }

    private JsonObject Bound(RequestTarget target, JsonObject pod, string node)
    {
        if (Cells.Text(pod, "spec.nodeName") is { Length: > 0 } present)
        {
            throw ApiErrors.Conflict("", "pods/binding", target.Name!, $"pod {target.Name} is already assigned to node \"{present}\"");
        }

        if (pod["metadata"]?["deletionTimestamp"] is not null)
        {
            throw ApiErrors.Conflict("", "pods/binding", target.Name!, $"pod {target.Name} is being deleted, cannot be assigned to a host");
        }

        if (SchedulingGates.Has(pod["spec"] as JsonObject))
        {
            throw ApiErrors.Conflict("", "pods/binding", target.Name!, $"pod {target.Name} has non-empty .spec.schedulingGates");
        }

        pod["spec"]!["nodeName"] = node;
        Conditions.Set(Defaults.Part(pod, "status"), "PodScheduled", "True", services.Context.Now());
        return pod;
    }

    private async Task EvictAsync(ApiCall call, RequestTarget target, JsonObject pod)
    {
        var body = ObjectBody.Parse(await call.ReadBodyAsync(), call.ContentType, []) as JsonObject ?? [];
        var delete = DeleteOptions.Read(body["deleteOptions"] as JsonObject, call.Query);
        if (Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed" or "Pending") && pod["metadata"]?["deletionTimestamp"] is null)
        {
            Disruptions.Take(services, target, pod, delete.DryRun);
        }

        services.Remover.Delete(target.Kind, target.Key(target.Name!), delete, CallOptionsReader.Read(call, null, services.Context) with { DryRun = delete.DryRun });
        await call.Response.SendAsync(ObjectResponses.Success(201), 201);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pods of {services.Options.ContextName}");
}
