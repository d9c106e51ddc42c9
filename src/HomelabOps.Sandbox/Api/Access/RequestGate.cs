using System.Security.Cryptography;
using System.Text;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api.Access;

/// <summary>Lets in who knows the secret, in the path or as a bearer token, or has a token of a service account.</summary>
internal sealed class RequestGate(string secret, ServiceAccountTokens tokens)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>The path behind the secret, the query, and who asks; no user when that is nobody we know.</summary>
    public (string Path, string Query, ApiUser? User) Admit(ApiExchange exchange)
    {
        var raw = exchange.Target;
        var mark = raw.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (raw, "") : (raw[..mark], raw[(mark + 1)..]);
        var (user, authenticated) = ((ApiUser?)null, false);
        if (exchange.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var token = header[7..].Trim();
            user = Matches(token) ? ApiUser.Owner : tokens.Find(token);
            authenticated = true;
        }

        var segments = path.TrimStart('/');
        var slash = segments.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? segments : segments[..slash];
        if (Matches(first))
        {
            // The path shows that the server may be reached at all; a token beside it says who asks.
            path = slash < 0 ? "/" : segments[slash..];
            user = authenticated ? user : ApiUser.Owner;
        }

        return (path, query, user is null ? null : Impersonate(user, exchange));
    }

    private static ApiUser Impersonate(ApiUser user, ApiExchange exchange)
    {
        if (!user.IsOwner || exchange.Header("Impersonate-User") is not { Length: > 0 } name)
        {
            return user;
        }

        var groups = (exchange.Header("Impersonate-Group") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        if (ServiceAccountTokens.GroupsOf(name) is { } own)
        {
            groups.AddRange(own);
        }

        if (!groups.Contains("system:authenticated"))
        {
            groups.Add("system:authenticated");
        }

        return new(name, [.. groups]);
    }

    // The time tells the length of the secret at most, which is known.
    private bool Matches(string text) => CryptographicOperations.FixedTimeEquals(_secret, Encoding.UTF8.GetBytes(text));
}
