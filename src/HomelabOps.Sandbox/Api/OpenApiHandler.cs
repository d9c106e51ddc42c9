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
    private readonly ConcurrentDictionary<string, (int Generation, byte[] Body)> _known = new();

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
            case ["v2"] when call.Accept.Contains(SwaggerProtobuf.MediaType):
                await call.Response.SendAsync(Remember("v2 protobuf", () => SwaggerProtobuf.Of(Swagger())), 200, SwaggerProtobuf.ContentType);
                break;
            case ["v2"]:
                await call.Response.SendAsync(Remember("v2 json", () => ObjectJson.ToBytes(Swagger())), 200, "application/json");
                break;
            default:
                await call.Response.SendTextAsync("404 page not found\n", 404);
                break;
        }
    }

    private Task SendAsync(ApiCall call, string group, string version) => call.Response.SendAsync(Remember($"v3 {group}/{version}", () => ObjectJson.ToBytes(Document(group, version))), 200, "application/json");

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

    private byte[] Remember(string document, Func<byte[]> make)
    {
        var generation = services.Context.Kinds.Generation;
        if (_known.TryGetValue(document, out var known) && known.Generation == generation)
        {
            return known.Body;
        }

        var body = make();
        _known[document] = (generation, body);
        return body;
    }

    private JsonObject Document(string group, string version) => new OpenApiDocument(group, version, services.Context.Kinds).Build(Info());

    private JsonObject Swagger() => SwaggerDocument.Of(Info(), services.Discovery.Groups().SelectMany(group => services.Discovery.Versions(group).Select(version => Document(group, version))));

    private JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = services.Options.KubernetesVersion };
}
