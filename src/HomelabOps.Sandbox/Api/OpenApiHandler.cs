using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Discovery;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api;

/// <summary>The schemas of what is served, for kubectl explain, apply and diff. A document is made when it is asked for first.</summary>
internal sealed class OpenApiHandler(ApiServices services)
{
    private readonly ConcurrentDictionary<(string Group, string Version), (int Generation, byte[] Body)> _known = new();

    public async Task HandleAsync(ApiCall call, string[] segments)
    {
        switch (segments)
        {
            case ["v3"]:
                await call.Response.SendAsync(Index());
                break;
            case ["v3", "api", "v1"]:
                await SendAsync(call, "", "v1");
                break;
            case ["v3", "apis", var group, var version] when services.Context.Kinds.HasVersion(group, version):
                await SendAsync(call, group, version);
                break;
            case ["v2"] when !call.Accept.Contains("application/com.github.proto-openapi.spec.v2@v1.0+protobuf"):
                await call.Response.SendAsync(new JsonObject { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = new JsonObject(), ["definitions"] = new JsonObject() });
                break;
            default:
                // Version 2 is asked for as protobuf; clients that find none go on with version 3, or with what they know themselves.
                await call.Response.SendTextAsync("404 page not found\n", 404);
                break;
        }
    }

    private Task SendAsync(ApiCall call, string group, string version) => call.Response.SendAsync(Document(group, version), 200, "application/json");

    private JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var group in services.Discovery.Groups())
        {
            foreach (var version in services.Discovery.Versions(group))
            {
                var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";

                // The hash lets clients keep a document; the kinds decide what is in it.
                var hash = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{path} {services.Context.Kinds.Generation} {services.Options.KubernetesVersion}")));
                paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
            }
        }

        return new() { ["paths"] = paths };
    }

    private byte[] Document(string group, string version)
    {
        var generation = services.Context.Kinds.Generation;
        if (_known.TryGetValue((group, version), out var known) && known.Generation == generation)
        {
            return known.Body;
        }

        var body = ObjectJson.ToBytes(new OpenApiDocument(group, version, services.Context.Kinds).Build(Info()));
        _known[(group, version)] = (generation, body);
        return body;
    }

    private JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = services.Options.KubernetesVersion };
}
