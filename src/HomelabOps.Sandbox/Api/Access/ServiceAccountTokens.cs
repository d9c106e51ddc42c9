using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Access;

/// <summary>Tokens that were requested for service accounts. They look like the real ones and are known only to this process.</summary>
internal sealed class ServiceAccountTokens(TimeProvider clock)
{
    private const string Prefix = "system:serviceaccount:";
    private readonly ConcurrentDictionary<string, (ApiUser User, DateTimeOffset Expires)> _tokens = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public (string Token, DateTimeOffset Expires) Issue(string @namespace, string name, string uid, TimeSpan lifetime, IEnumerable<string> audiences)
    {
        var now = clock.GetUtcNow();
        var expires = now + lifetime;
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = "https://kubernetes.default.svc.cluster.local",
            ["jti"] = Guid.NewGuid().ToString("D"),
            ["kubernetes.io"] = new JsonObject { ["namespace"] = @namespace, ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = uid } },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"{Prefix}{@namespace}:{name}",
        };
        var body = $"{Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT" })}.{Part(claims)}";
        var token = $"{body}.{Encode(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(body)))}";
        _tokens[Hash(token)] = (new($"{Prefix}{@namespace}:{name}", [.. GroupsOf($"{Prefix}{@namespace}:{name}")!, "system:authenticated"]) { Uid = uid }, expires);
        return (token, expires);
    }

    public ApiUser? Find(string token) => _tokens.TryGetValue(Hash(token), out var known) && known.Expires > clock.GetUtcNow() ? known.User : null;

    /// <summary>The groups of a service account's user, or null for another user.</summary>
    public static string[]? GroupsOf(string user) => user.StartsWith(Prefix, StringComparison.Ordinal) && user[Prefix.Length..].Split(':') is [var @namespace, _]
        ? ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}"]
        : null;

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string Part(JsonObject node) => Encode(ObjectJson.ToBytes(node));

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
